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
          case STOPPED, FAILED, REJECTED, CANCELLED, SUPERSEDED -> true;
          case ASKED, REMINDED, DECIDED, EXPIRED, FROZEN, PREEMPTED, RELEASED, ROLLBACK, WATCH ->
              false;
        };
    return Notice.of(
            "promotion/churn/0123456789ab/" + kind.word(),
            kind,
            AT,
            "promotion/churn/0123456789ab",
            "0b5c1f0e-run",
            "churn",
            "WAITING",
            by)
        .says(text)
        .commit("0123456789abcdef0123456789abcdef01234567")
        .next("portage approve promotion/churn/0123456789ab --request prod-1")
        .request(fails ? null : asked(text))
        .decisions(
            kind == NoticeKind.DECIDED
                ? List.of(new Notice.Decided(by, "approve", text))
                : List.of())
        .problem(
            fails
                ? new Notice.Trouble("copy version 3", "workspace prod", text, "fix it", page(text))
                : null)
        .live(kind == NoticeKind.RELEASED ? List.of("v3 in prod") : List.of())
        .build();
  }

  private static Notice.Asked asked(String text) {
    return Notice.Asked.of(
            "prod-1", "prod", "pass", "one of model-owners", AT.plusSeconds(14 * 86_400))
        .gates(List.of("pass: roc_auc 0.91, required: >= 0.8", text))
        .changes(List.of("champion: version 2 → <new version>", text))
        .also(AT.plusSeconds(7 * 86_400), List.of("heads-of-ml"))
        .build();
  }

  private static @Nullable URI page(String text) {
    return text.isBlank() ? null : URI.create("https://example.com/run/7");
  }
}
