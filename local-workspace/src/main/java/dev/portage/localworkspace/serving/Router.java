package dev.portage.localworkspace.serving;

import java.util.Collection;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to deployments. Deployments and their shares change in one step, between two
 * requests: one that was taken before is answered by the deployment that took it, and one that
 * comes after goes by the new shares.
 */
public final class Router {
  private volatile Table table = new Table(0, Map.of(), new Split(Map.of()));

  /** Counted, to see whether it is still the same. */
  private record Table(int number, Map<String, Deployment> deployments, Split split) {}

  /**
   * From now on, requests go to these; those that were there before and aren't any more are drained
   * and stopped.
   *
   * @param deployments by name
   * @param shares how many of a hundred requests go to each; absent is none
   */
  public synchronized void replace(
      Map<String, Deployment> deployments, Map<String, Integer> shares) {
    Table before = table;
    table = new Table(before.number() + 1, Map.copyOf(deployments), new Split(shares));
    for (Deployment old : before.deployments().values()) {
      if (!deployments.containsValue(old)) {
        old.retire();
      }
    }
  }

  /** Those that requests go to. */
  public Collection<Deployment> deployments() {
    return table.deployments().values();
  }

  /** One of those by its name; null for none. */
  public @Nullable Deployment deployment(String name) {
    return table.deployments().get(name);
  }

  /**
   * Answers a request.
   *
   * @param name of the deployment to ask; null for one by the shares
   * @param type the body's content type
   * @throws NoSuchElementException where there is no such deployment, or none at all
   */
  public Answer ask(@Nullable String name, byte[] body, String type) throws InterruptedException {
    while (true) {
      Table now = table;
      Deployment asked = now.deployments().get(name == null ? now.split().next() : name);
      if (asked == null) {
        throw new NoSuchElementException("nothing is served as " + name);
      }
      if (asked.enter()) {
        try {
          return asked.ask(body, type);
        } finally {
          asked.leave();
        }
      }
      if (table.number() == now.number()) {
        throw new NoSuchElementException(asked.plan().name() + " has stopped");
      }
    }
  }
}
