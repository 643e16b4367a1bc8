package dev.portage.platform;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.login.LoginSettings;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.SettingsOrder;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks files on disk by nothing but their text. */
public final class FileCheck {
  private final Kinds kinds;

  /** Checks files that may name these kinds of workspaces. */
  public FileCheck(Kinds kinds) {
    this.kinds = kinds;
  }

  /** Whether a file is meant to be a platform file; one that can't be read is by its name. */
  public boolean isPlatform(Path file) {
    return text(file).then(text -> YamlDocument.read(file.toString(), text))
            instanceof Reading.Good<YamlDocument>(YamlDocument document)
        ? document.root().has("workspaces") && !document.root().has("model")
        : file.endsWith("portage.yaml");
  }

  /** A platform file. */
  public Reading<Platform> platform(Path file) {
    return new PlatformFile(file, kinds).read();
  }

  /**
   * A {@code promotion.yaml}.
   *
   * @param platform that it is held against; null where there is none
   * @return what it comes to, in lines
   */
  public Reading<List<String>> promotion(Path file, @Nullable Platform platform) {
    return text(file)
        .then(text -> PromotionFile.read(file.toString(), text))
        .then(promotion -> heldAgainst(promotion, platform));
  }

  private static Reading<List<String>> heldAgainst(
      PromotionFile promotion, @Nullable Platform platform) {
    if (platform == null) {
      return new Reading.Good<>(
          List.of(
              "model " + promotion.model(), "not compared with a platform file: none is known"));
    }
    PathCheck check = new PathCheck(platform, promotion);
    List<ValidationError> errors = new ArrayList<>(check.errors(List.of()));
    if (check.isKnown()) {
      errors.addAll(
          new ComputeInForce(platform, promotion, check.path())
              .errors(new SettingsOrder(promotion.fileName(), "", List.of())));
    }
    if (platform.tierOf(promotion.model(), promotion.registeredName()).isEmpty()) {
      errors.add(
          new ValidationError(
              promotion.fileName(),
              1,
              "/model",
              "no tier of " + platform.fileName() + " matches model " + promotion.model(),
              String.join(
                  ", ", platform.tiers().stream().flatMap(tier -> tier.models().stream()).toList()),
              "ask the platform team to add it to a tier"));
    }
    return errors.isEmpty()
        ? new Reading.Good<>(
            List.of(
                "model " + promotion.model(),
                "path " + String.join(" → ", check.path().stream().map(Workspace::name).toList())))
        : new Reading.Wrong<>(errors);
  }

  /** What a platform file comes to, in lines. */
  public static List<String> says(Platform platform) {
    List<String> lines = new ArrayList<>();
    lines.add("path " + String.join(" → ", platform.path()));
    for (Workspace workspace : platform.workspaces()) {
      LoginSettings login = workspace.login();
      LoginSettings reader = workspace.reader();
      lines.add(
          workspace.name()
              + ": "
              + workspace.kind().name()
              + " at "
              + (workspace.host() == null ? workspace.mlflow() : workspace.host())
              + (login == null ? ", no login" : ", logs in with " + login.text())
              + (reader == null || reader.equals(login)
                  ? ""
                  : ", is copied from with " + reader.text()));
    }
    return lines;
  }

  private static Reading<String> text(Path file) {
    if (Files.isDirectory(file)) {
      return unread(
          file, "it is a folder", "name the file in it, as promotion.yaml or portage.yaml");
    }
    if (file.toString().endsWith(".ipynb") || file.toString().endsWith(".py")) {
      return unread(file, "it is a notebook", "name a promotion.yaml or portage.yaml");
    }
    try {
      return new Reading.Good<>(Files.readString(file));
    } catch (NoSuchFileException _) {
      return unread(file, "file not found", "name an existing file");
    } catch (CharacterCodingException _) {
      return unread(file, "the file is not UTF-8 text", "save it as UTF-8");
    } catch (IOException e) {
      return unread(
          file,
          "the file can't be read (" + e.getClass().getSimpleName() + ")",
          "make it readable");
    }
  }

  private static Reading<String> unread(Path file, String what, String remedy) {
    return new Reading.Wrong<>(
        List.of(new ValidationError(file.toString(), 1, "", what, null, remedy)));
  }
}
