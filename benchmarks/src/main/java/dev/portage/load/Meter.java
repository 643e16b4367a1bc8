package dev.portage.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CPU time and memory of the world's parts, as the operating system counts them: on Linux, utime
 * and stime from {@code /proc}, and resident memory.
 */
final class Meter {
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final Supplier<Map<Part, List<Long>>> processes;

  /**
   * A meter.
   *
   * @param processes ids of the processes of each part, of now
   */
  Meter(Supplier<Map<Part, List<Long>>> processes) {
    this.processes = processes;
  }

  /**
   * What was used so far.
   *
   * @param at moment, by a clock that only runs forward, in nanoseconds
   * @param cpu CPU time of each part since its processes began
   * @param resident bytes in memory; 0 if the system doesn't say
   */
  record Reading(long at, Map<Part, Duration> cpu, Map<Part, Long> resident) {
    Reading {
      cpu = Map.copyOf(cpu);
      resident = Map.copyOf(resident);
    }
  }

  /** Reads it. */
  Reading read() {
    Map<Part, Duration> cpu = new EnumMap<>(Part.class);
    Map<Part, Long> resident = new EnumMap<>(Part.class);
    processes
        .get()
        .forEach((part, pids) -> {
          cpu.put(
              part, pids.stream().map(Meter::processorTime).reduce(Duration.ZERO, Duration::plus));
          resident.put(part, pids.stream().mapToLong(Meter::residentBytes).sum());
        });
    return new Reading(System.nanoTime(), cpu, resident);
  }

  /** What was used between two readings, part by part. */
  static Map<Part, Used> between(Reading before, Reading after) {
    double seconds = (after.at() - before.at()) / 1e9;
    Map<Part, Used> used = new EnumMap<>(Part.class);
    after
        .cpu()
        .forEach((part, cpu) -> {
          Duration earlier = before.cpu().getOrDefault(part, Duration.ZERO);
          double own = Math.max(0, cpu.minus(earlier).toMillis() / 1e3);
          used.put(
              part,
              new Used(
                  own, seconds == 0 ? 0 : own / seconds, after.resident().getOrDefault(part, 0L)));
        });
    return used;
  }

  private static Duration processorTime(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  private static long residentBytes(long pid) {
    @Nullable String status = status(pid);
    if (status == null) {
      return 0;
    }
    Matcher matcher = RESIDENT.matcher(status);
    return matcher.find() ? Long.parseLong(String.valueOf(matcher.group(1))) * 1024 : 0;
  }

  private static @Nullable String status(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "status"));
    } catch (IOException absent) {
      // Another system, or a process that has just ended.
      return null;
    }
  }
}
