package dev.portage.history;

import dev.portage.freeze.Freeze;
import dev.portage.quarantine.Quarantined;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Freezes and quarantines, which have records of their own, as entries of a history. */
final class OtherRecords {

  private OtherRecords() {}

  /** A freeze, and its early end. */
  static Stream<HistoryEvent> of(Freeze freeze) {
    HistoryEvent begun =
        HistoryEvent.of(
                HistoryEvent.idOf(HistoryKind.FREEZE, freeze.workspace(), freeze.id()),
                HistoryKind.FREEZE,
                freeze.workspace(),
                freeze.model(),
                Objects.requireNonNullElse(freeze.at(), freeze.from()),
                freeze.by())
            .reason(freeze.reason())
            .name(freeze.name())
            .subject(subject(freeze))
            .until(freeze.isOfModel() ? null : freeze.until())
            .build();
    Freeze.Lifted lifted = freeze.lifted();
    return lifted == null
        ? Stream.of(begun)
        : Stream.of(
            HistoryEvent.of(
                    HistoryEvent.idOf(HistoryKind.UNFREEZE, freeze.workspace(), freeze.id()),
                    HistoryKind.UNFREEZE,
                    freeze.workspace(),
                    freeze.model(),
                    lifted.at(),
                    lifted.by())
                .reason(lifted.reason())
                .name(freeze.name())
                .subject(subject(freeze))
                .build(),
            begun);
  }

  private static @Nullable String subject(Freeze freeze) {
    return freeze.isOfModel() ? "promotions of " + freeze.model() : null;
  }

  /** Whether a freeze was in force at that time, whatever became of it since. */
  static boolean held(Freeze freeze, Instant at) {
    Freeze.Lifted lifted = freeze.lifted();
    return !at.isBefore(freeze.from())
        && at.isBefore(freeze.until())
        && (lifted == null || at.isBefore(lifted.at()));
  }

  /** A quarantine, and its end. */
  static Stream<HistoryEvent> of(Quarantined quarantined) {
    String subject = quarantined.subject();
    HistoryEvent begun =
        HistoryEvent.of(
                idOf(HistoryKind.QUARANTINE, quarantined),
                HistoryKind.QUARANTINE,
                quarantined.workspace(),
                quarantined.model(),
                quarantined.at(),
                quarantined.by())
            .reason(quarantined.reason())
            .workflow(quarantined.source())
            .subject(subject + ", " + quarantined.why().words())
            .build();
    Quarantined.Lifted lifted = quarantined.lifted();
    return lifted == null
        ? Stream.of(begun)
        : Stream.of(
            HistoryEvent.of(
                    idOf(HistoryKind.LIFT, quarantined),
                    HistoryKind.LIFT,
                    quarantined.workspace(),
                    quarantined.model(),
                    lifted.at(),
                    lifted.by())
                .reason(lifted.reason())
                .subject(subject)
                .build(),
            begun);
  }

  private static String idOf(HistoryKind kind, Quarantined quarantined) {
    return HistoryEvent.idOf(
        kind, quarantined.workspace(), quarantined.source() + "/" + quarantined.candidate());
  }
}
