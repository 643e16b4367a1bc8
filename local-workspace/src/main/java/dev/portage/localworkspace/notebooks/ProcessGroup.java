package dev.portage.localworkspace.notebooks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that leads a session, with all its descendants. Java can only signal single processes,
 * so the {@code kill} command signals the group; where it is missing, the known descendants are
 * stopped one by one.
 */
public final class ProcessGroup {
  private static final Logger log = LoggerFactory.getLogger(ProcessGroup.class);
  private static final long GRACE_MILLIS = 1500;

  private final Process process;

  /** The group of a process that makes itself the leader of a session. */
  public ProcessGroup(Process process) {
    this.process = process;
  }

  /** Asks all processes to end, and kills those that haven't after a moment. Waits for them. */
  public void kill() {
    List<ProcessHandle> known = process.descendants().toList();
    signal("TERM");
    try {
      if (!process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("Process {} did not stop when asked to", process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    signal("KILL");
    known.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Ends what is left of the group once its leader has ended. */
  public void killRest() {
    signal("KILL");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-s", name, "--", "-" + process.pid())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
