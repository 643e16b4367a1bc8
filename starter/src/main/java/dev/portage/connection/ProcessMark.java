package dev.portage.connection;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One process on one machine. The system reuses process ids; the start time distinguishes two
 * processes with the same id.
 *
 * @param host name of the machine or container, "" where it has none
 * @param pid the process id
 * @param started when it started, in the system's own format; "" if the system doesn't say
 */
public record ProcessMark(String host, long pid, String started) {

  /** Whether it still runs, as far as this process can see. */
  public enum Life {
    RUNS,
    ENDED,
    /** It is of another machine or container, whose processes can't be seen. */
    UNKNOWN
  }

  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Position of a process's start among the fields of its {@code stat} after the name; proc(5). */
  private static final int START_FIELD = 19;

  /** The mark of this process. */
  public static ProcessMark ofThis() {
    long pid = ProcessHandle.current().pid();
    return new ProcessMark(thisHost(), pid, startOf(pid));
  }

  /** The mark in a document; empty where it has none. */
  static Optional<ProcessMark> read(JsonNode node) {
    return node.path("pid").isIntegralNumber()
        ? Optional.of(
            new ProcessMark(
                node.path("host").asText(""),
                node.path("pid").asLong(),
                node.path("started").asText("")))
        : Optional.empty();
  }

  /** Whether it still runs. */
  public Life life() {
    if (!host.equals(thisHost())) {
      return Life.UNKNOWN;
    }
    if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
      return Life.ENDED;
    }
    String now = startOf(pid);
    return started.isEmpty() || now.isEmpty() || started.equals(now) ? Life.RUNS : Life.ENDED;
  }

  /**
   * When a process started. On Linux in ticks since the machine's start: what Java computes from
   * that changes whenever the clock is set.
   */
  private static String startOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name, in brackets, may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Files.readString(BOOT).strip() + "/" + fields[START_FIELD];
    } catch (IOException | IndexOutOfBoundsException _) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(Object::toString)
          .orElse("");
    }
  }

  private static String thisHost() {
    try {
      return Files.readString(HOST).strip();
    } catch (IOException _) {
      Map<String, String> environment = System.getenv();
      return environment.getOrDefault("COMPUTERNAME", environment.getOrDefault("HOSTNAME", ""));
    }
  }
}
