package dev.portage.localworkspace.serving;

/** What a model's server said: while its image was built, and since. Only the end is kept. */
public final class ServerLogs {
  private static final int MOST = 512 * 1024;

  private final StringBuilder build = new StringBuilder();
  private final StringBuilder server = new StringBuilder();
  private boolean built;

  /** A start from the beginning: what was said of an earlier build is dropped. */
  synchronized void begin() {
    build.setLength(0);
    built = false;
  }

  /** The image is built; what is said from now on is of the server. */
  synchronized void built() {
    built = true;
  }

  /** Adds a line, without its end. */
  public synchronized void add(String line) {
    StringBuilder log = built ? server : build;
    log.append(line).append('\n');
    if (log.length() > MOST) {
      log.delete(0, log.length() - MOST);
    }
  }

  /** Adds a line to the server's log, whatever is built. */
  synchronized void addToServer(String line) {
    server.append(line).append('\n');
  }

  /** What was said while the image was built. */
  public synchronized String ofBuild() {
    return build.toString();
  }

  /** What the server has said. */
  public synchronized String ofServer() {
    return server.toString();
  }
}
