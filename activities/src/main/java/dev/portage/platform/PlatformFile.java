package dev.portage.platform;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The platform file on disk. Read at each use, and parsed again when it has changed. */
public final class PlatformFile implements PlatformSource {

  private final Path path;
  private final Kinds kinds;
  private volatile @Nullable Understood last;

  private record Understood(String text, Reading<Platform> reading) {}

  /** Nothing is read yet. */
  public PlatformFile(Path path, Kinds kinds) {
    this.path = path;
    this.kinds = kinds;
  }

  /** The folder to which {@code file:} references are relative. */
  public Path folder() {
    Path folder = path.toAbsolutePath().getParent();
    return folder == null ? path.toAbsolutePath() : folder;
  }

  /** Content or faults, as of now. */
  public Reading<Platform> read() {
    String text;
    try {
      text = Files.readString(path);
    } catch (NoSuchFileException _) {
      return unread("file not found", "set it with --platform FILE or PORTAGE_PLATFORM");
    } catch (CharacterCodingException _) {
      return unread("the file is not UTF-8 text", "save it as UTF-8");
    } catch (IOException e) {
      return unread(
          "the file can't be read (" + e.getClass().getSimpleName() + ")",
          "make it readable for the worker");
    }
    Understood before = last;
    if (before != null && before.text().equals(text)) {
      return before.reading();
    }
    Reading<Platform> reading = Platform.read(path.toString(), text, kinds);
    last = new Understood(text, reading);
    return reading;
  }

  @Override
  public Platform platform() {
    return switch (read()) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          throw FileFault.of(
              path.toString(), errors, "Correct it on the worker's machine; no restart is needed.");
    };
  }

  private Reading<Platform> unread(String what, String remedy) {
    return new Reading.Wrong<>(
        List.of(new ValidationError(path.toString(), 1, "", what, null, remedy)));
  }
}
