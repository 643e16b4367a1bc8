package dev.portage.watch;

import dev.portage.copy.CopyProgress;
import dev.portage.text.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The progress of a copy in one line: a bar, bytes, files, rate and remaining time. Partitions that
 * are under way together count as one copy.
 */
public final class CopyBar {
  private static final int CELLS = 24;
  private static final long KIB = 1024;

  private CopyBar() {}

  /** What the heartbeats of these activities say together; empty when none of them is a copy's. */
  public static Optional<CopyProgress> of(List<Pending> pending) {
    return pending.stream()
        .flatMap(activity -> Stream.ofNullable(activity.progress()))
        .filter(progress -> progress.bytes() > 0 || progress.files() > 0)
        .reduce(CopyBar::together);
  }

  private static CopyProgress together(CopyProgress one, CopyProgress other) {
    Long rate =
        one.rate() == null || other.rate() == null ? null : Long.valueOf(one.rate() + other.rate());
    return new CopyProgress(
        one.phase(),
        one.filesDone() + other.filesDone(),
        one.files() + other.files(),
        one.bytesDone() + other.bytesDone(),
        one.bytes() + other.bytes(),
        rate,
        null);
  }

  /** {@code sending ██████░░░░ 62 % 640 of 1,024 MiB, 5 of 8 files, 212 MiB/s, 2 s left}. */
  public static String line(CopyProgress progress) {
    double part = part(progress);
    int full = (int) Math.round(part * CELLS);
    StringBuilder line = new StringBuilder(phase(progress.phase()));
    line.append(' ').append("█".repeat(full)).append("░".repeat(CELLS - full));
    line.append(String.format(Locale.ROOT, " %3d %%  ", (int) (part * 100)));
    line.append(bytes(progress.bytesDone())).append(" of ").append(bytes(progress.bytes()));
    line.append(
        String.format(Locale.ROOT, ", %,d of %,d files", progress.filesDone(), progress.files()));
    Long rate = progress.rate();
    if (rate != null && rate > 0) {
      line.append(", ").append(bytes(rate)).append("/s");
      Duration left =
          Duration.ofMillis(
              (long) ((progress.bytes() - progress.bytesDone()) * 1000.0 / rate.doubleValue()));
      line.append(", ").append(Durations.text(left)).append(" left");
    }
    return line.toString();
  }

  /** From 0 to 1. */
  public static double part(CopyProgress progress) {
    if (progress.bytes() > 0) {
      return Math.clamp(progress.bytesDone() / (double) progress.bytes(), 0, 1);
    }
    return progress.files() == 0
        ? 0
        : Math.clamp(progress.filesDone() / (double) progress.files(), 0, 1);
  }

  /** A phase as people call it. */
  public static String phase(CopyProgress.Phase phase) {
    return switch (phase) {
      case DIGESTING -> "digesting";
      case SENDING -> "sending";
      case READING_BACK -> "reading back";
    };
  }

  /** {@code 12 B}, {@code 640 KiB}, {@code 1,024 MiB}, {@code 20.0 GiB}. */
  public static String bytes(long bytes) {
    if (bytes < KIB) {
      return bytes + " B";
    }
    if (bytes < KIB * KIB) {
      return String.format(Locale.ROOT, "%,d KiB", bytes / KIB);
    }
    if (bytes < 10 * KIB * KIB * KIB) {
      return String.format(Locale.ROOT, "%,d MiB", bytes / KIB / KIB);
    }
    return String.format(Locale.ROOT, "%,.1f GiB", bytes / (double) (KIB * KIB * KIB));
  }
}
