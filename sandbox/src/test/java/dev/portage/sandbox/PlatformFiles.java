package dev.portage.sandbox;

import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The platform team's files as the workers read them, changed temporarily. */
public final class PlatformFiles {
  private static final Pattern HOST = Pattern.compile("host: (\\S+)");

  private final World world;
  private final Map<Path, String> before = new HashMap<>();

  /** Those of this world's workers. */
  public PlatformFiles(World world) {
    this.world = world;
  }

  /** Changes {@code portage.yaml}, which every worker reads. */
  public void change(UnaryOperator<String> change) {
    Path file = world.folder().platformFile();
    String text = read(file);
    String changed = change.apply(text);
    if (changed.equals(text)) {
      throw new AssertionError("nothing to change in " + text);
    }
    write(file, changed);
  }

  /** Puts another token into a worker's file. */
  public void token(String worker, String file, String token) {
    write(world.folder().worker(worker).resolve(file), token + "\n");
  }

  /** The text with prod at dev's address. */
  public static String prodAtDev(String text) {
    Matcher hosts = HOST.matcher(text);
    String dev = hosts.results().findFirst().orElseThrow().group(1);
    return HOST.matcher(text).replaceAll("host: " + dev);
  }

  /** The text with prod as a bare MLflow server. */
  public static String bareProd(String text, URI mlflow) {
    return text.replaceFirst(
        "(?s)  prod:\\R.*?(?=tiers:)", "  prod: { kind: mlflow, mlflow: " + mlflow + " }\n");
  }

  /** Restores everything. */
  public void restore() {
    before.forEach((file, text) -> writeNow(file, text));
    before.clear();
  }

  private void write(Path file, String text) {
    before.putIfAbsent(file, read(file));
    writeNow(file, text);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeNow(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
