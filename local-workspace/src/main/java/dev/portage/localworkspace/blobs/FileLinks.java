package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Signed URLs for the Files API: files that the workspace stores itself, and parts of uploads. */
public final class FileLinks implements Door {
  private static final Set<String> SIGNATURE = Set.of("sv", "st", "se", "sr", "sp", "sig");

  /** What the URLs lead to. */
  public interface Target {
    /** The file of a key, whether it exists or not. */
    Path file(String key);

    /**
     * Takes a file that was uploaded.
     *
     * @return its ETag
     */
    String take(String key, Path arrived) throws IOException;

    /** Revokes what the key stands for; returns whether there was anything. */
    boolean end(String key) throws IOException;
  }

  private final BlobGate gate;
  private final DiskFolder arriving;
  private final Sas sas;
  private final Duration life;
  private final Target target;

  /**
   * Signs URLs, and answers them from a target.
   *
   * @param folder for what arrives and for the key, on the same disk as the target
   * @param life how long a URL is good at most
   */
  public FileLinks(BlobGate gate, Path folder, Duration life, Target target) throws IOException {
    this.gate = gate;
    Files.createDirectories(folder);
    this.arriving = new DiskFolder(folder);
    this.sas = new Sas("local", KeyFile.in(folder));
    this.life = life;
    this.target = target;
    gate.open(this);
  }

  /** A URL to read a file. */
  public String toRead(String key, @Nullable Instant until) {
    return url(key, "r", until);
  }

  /** A URL to write a file whole. */
  public String toWrite(String key, @Nullable Instant until) {
    return url(key, "cw", until);
  }

  /** A URL to end an upload. */
  public String toEnd(String key, @Nullable Instant until) {
    return url(key, "d", until);
  }

  private String url(String key, String permissions, @Nullable Instant until) {
    Instant now = gate.clock().instant();
    Instant latest = now.plus(life);
    Instant end = until == null || until.isAfter(latest) ? latest : until;
    String query =
        gate.urls()
            .issue(
                more -> sas.sign(name() + "/" + key, "b", permissions, now, end.plusSeconds(more)));
    return gate.base() + "/" + name() + "/" + Escapes.path(key) + "?" + query;
  }

  @Override
  public String name() {
    return "files";
  }

  @Override
  public Dialect dialect() {
    return Dialect.AZURE_BLOB;
  }

  @Override
  public BlobRefusal expired() {
    return Sas.expired();
  }

  @Override
  public String key(String place) {
    return name() + "/" + place;
  }

  @Override
  public void serve(BlobCall call) throws IOException {
    String wanted =
        switch (call.method()) {
          case "GET", "HEAD" -> "r";
          case "PUT" -> "cw";
          default -> "d";
        };
    sas.check(name() + "/" + call.place(), call.query(), wanted, call.at());
    call.onlyQuery(SIGNATURE);
    switch (call.method()) {
      case "GET", "HEAD" -> call.file(target.file(call.place()), dialect());
      case "PUT" -> {
        Path arrived = arriving.arrive(call.input(), call.length());
        try {
          call.exchange().header("ETag", target.take(call.place(), arrived));
        } finally {
          Files.deleteIfExists(arrived);
        }
        call.done(200);
      }
      case "DELETE" -> {
        if (!target.end(call.place())) {
          throw dialect().missing();
        }
        call.done(200);
      }
      default -> throw new BlobRefusal(405, "UnsupportedHttpVerb", "Unknown operation.");
    }
  }
}
