package dev.portage.webhook;

import dev.portage.notice.Notice;
import dev.portage.notice.NoticeKind;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notices to deliver. */
final class Notices {

  static final Instant AT = Instant.parse("2026-11-29T09:12:00Z");

  private Notices() {}

  static Notice of(NoticeKind kind) {
    return of(kind, "ana@example.com", "looks good");
  }

  static Notice of(NoticeKind kind, String by, String text) {
    boolean fails =
        switch (kind) {
          case STOPPED, FAILED, REJECTED, CANCELLED -> true;
          case ASKED, REMINDED, DECIDED, EXPIRED, RELEASED -> false;
        };
    return new Notice(
        "promotion/churn/0123456789ab/" + kind.word(),
        kind,
        AT,
        "promotion/churn/0123456789ab",
        "0b5c1f0e-run",
        "churn",
        "WAITING",
        text,
        "0123456789abcdef0123456789abcdef01234567",
        by,
        "portage approve promotion/churn/0123456789ab --request prod-1",
        fails ? null : asked(text),
        kind == NoticeKind.DECIDED ? List.of(new Notice.Decided(by, "approve", text)) : List.of(),
        fails
            ? new Notice.Trouble("copy version 3", "workspace prod", text, "fix it", page(text))
            : null,
        kind == NoticeKind.RELEASED ? List.of("v3 in prod") : List.of());
  }

  private static Notice.Asked asked(String text) {
    return new Notice.Asked(
        "prod-1",
        "prod",
        "pass",
        List.of("pass: roc_auc 0.91, required: >= 0.8", text),
        List.of("champion: version 2 → <new version>", text),
        "one of model-owners",
        AT.plusSeconds(14 * 86_400),
        AT.plusSeconds(7 * 86_400),
        List.of("heads-of-ml"));
  }

  private static @Nullable URI page(String text) {
    return text.isBlank() ? null : URI.create("https://example.com/run/7");
  }
}
