package dev.portage.platform;

import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.secrets.SecretReference;
import java.util.List;
import java.util.Locale;

/**
 * Who is told, by a webhook.
 *
 * @param name its name
 * @param format what it is sent
 * @param url where its address is kept, which is a secret: whoever knows it can write there
 * @param keys where the keys are kept that sign what it gets, the newest first; empty for unsigned
 * @param on what it is told of
 * @param models names of models that it is told of, {@code *} standing for any letters
 */
public record Receiver(
    String name,
    Format format,
    SecretReference url,
    List<SecretReference> keys,
    List<NoticeKind> on,
    List<String> models) {

  public Receiver {
    keys = List.copyOf(keys);
    on = List.copyOf(on);
    models = List.copyOf(models);
  }

  /** What a receiver takes. */
  public enum Format {
    /** A CloudEvents event, for programs. */
    CLOUDEVENTS,
    /** A card for a workflow of Microsoft Teams. */
    TEAMS,
    /** Blocks for an incoming webhook of Slack. */
    SLACK;

    /** Its word in the platform file. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether it is told of a model. */
  boolean hearsOf(String model) {
    return ModelPatterns.match(models, model);
  }

  /** What promotions know of it. */
  NoticeReceiver forPromotions() {
    return new NoticeReceiver(name, on);
  }
}
