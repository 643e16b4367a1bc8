package dev.portage.localworkspace.calls;

import dev.portage.localworkspace.faults.CallFault;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every call that arrived, in order, so that tests can count effects. Append-only; a restart
 * empties it.
 */
public final class CallLog {
  private static final Logger log = LoggerFactory.getLogger(CallLog.class);

  private final List<CallRecord> records = new ArrayList<>();

  /** Adds a call. */
  public void add(CallRecord call) {
    synchronized (records) {
      records.add(call);
    }
    log.debug(
        "{} {} {} {}{}",
        call.user(),
        call.method(),
        call.path(),
        call.status(),
        call.answered() ? "" : " (response lost)");
  }

  /** All calls so far. */
  public List<CallRecord> all() {
    synchronized (records) {
      return List.copyOf(records);
    }
  }

  /**
   * The calls of one method to paths that match a pattern, in which {@code *} stands for any
   * characters.
   */
  public List<CallRecord> matching(String method, String pathPattern) {
    return all().stream()
        .filter(call -> call.method().equals(method) && CallFault.matches(pathPattern, call.path()))
        .toList();
  }
}
