package dev.portage.platform;

import dev.portage.document.Partly;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.login.LoginSettings;
import dev.portage.settings.CasesFile;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.SettingsOrder;
import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks files on disk by their text, and by whether what they name is beside them. */
public final class FileCheck {

  /** A folder with more files is no project's. */
  private static final int MOST_FILES = 20_000;

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
        .then(text -> {
          Partly<PromotionFile> read = PromotionFile.partly(file.toString(), text);
          PromotionFile promotion = read.value();
          return promotion == null
              ? new Reading.Wrong<List<String>>(read.errors())
              : together(read, promotion, file, platform);
        });
  }

  /** Everything that is wrong with the file and what it names: in one round, not one by one. */
  private static Reading<List<String>> together(
      Partly<PromotionFile> read, PromotionFile promotion, Path file, @Nullable Platform platform) {
    List<ValidationError> own = new ArrayList<>(withItsFiles(promotion, file).faults());
    List<ValidationError> others = new ArrayList<>();
    PromotionFile whole = promotion;
    for (Reading<PromotionFile> with : withParts(read, promotion, file)) {
      with.faults()
          .forEach(error -> (error.file().equals(file.toString()) ? own : others).add(error));
      whole = with instanceof Reading.Good<PromotionFile>(PromotionFile good) ? good : whole;
    }
    Reading<List<String>> against =
        List.of("/model", "/registered-as", "/path").stream().anyMatch(read::refuses)
            ? new Reading.Good<>(List.of())
            : heldAgainst(whole, platform);
    own.addAll(against.faults());
    List<ValidationError> all = new ArrayList<>(read.with(own));
    all.addAll(others);
    return all.isEmpty() ? against : new Reading.Wrong<>(all);
  }

  /** The file with those that are parts of it, where its lines that name them can be read. */
  private static List<Reading<PromotionFile>> withParts(
      Partly<PromotionFile> read, PromotionFile promotion, Path file) {
    if (!read.errors().isEmpty()) {
      return List.of();
    }
    Reading<PromotionFile> withJob = withJobFile(promotion, file);
    PromotionFile base =
        withJob instanceof Reading.Good<PromotionFile>(PromotionFile good) ? good : promotion;
    return List.of(withJob, withCases(base, file));
  }

  private static Reading<PromotionFile> withJobFile(PromotionFile promotion, Path file) {
    Optional<String> name = promotion.jobFile();
    return name.isEmpty()
        ? new Reading.Good<>(promotion)
        : beside(promotion, file, "batch.settings", name.get()).then(promotion::withJobFile);
  }

  private static Reading<PromotionFile> withCases(PromotionFile promotion, Path file) {
    Optional<CasesFile> named = promotion.casesFile();
    return named.isEmpty()
        ? new Reading.Good<>(promotion)
        : beside(promotion, file, "serve.cases", named.get().path())
            .then(named.get()::read)
            .then(cases -> new Reading.Good<>(promotion.with(cases)));
  }

  /** A file that the promotion's names: where it is missing, the line that names it is wrong. */
  private static Reading<String> beside(
      PromotionFile promotion, Path file, String value, String name) {
    Path named = file.resolveSibling(name);
    return Files.exists(named)
        ? text(named)
        : new Reading.Wrong<>(
            List.of(
                promotion.error(
                    value,
                    value + " names " + name + ", which is not in the file's folder",
                    "create it, or correct the name")));
  }

  /** What it names has to be beside it: a commit of that would be refused. */
  private static Reading<PromotionFile> withItsFiles(PromotionFile promotion, Path file) {
    Optional<List<String>> files = filesBeside(file);
    List<ValidationError> missing =
        files.isEmpty()
            ? List.of()
            : promotion.missingFiles(
                files.get(), "the file's folder", "create it, or correct the name");
    return missing.isEmpty() ? new Reading.Good<>(promotion) : new Reading.Wrong<>(missing);
  }

  /** Files in its folder and below, by relative names; empty where they can't all be listed. */
  private static Optional<List<String>> filesBeside(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      return Optional.empty();
    }
    List<String> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
              boolean hidden =
                  !at.equals(folder) && String.valueOf(at.getFileName()).startsWith(".");
              return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path at, BasicFileAttributes attributes) {
              files.add(folder.relativize(at).toString().replace(File.separatorChar, '/'));
              return files.size() < MOST_FILES
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.TERMINATE;
            }
          });
    } catch (IOException unlisted) {
      return Optional.empty();
    }
    return files.size() < MOST_FILES ? Optional.of(files) : Optional.empty();
  }

  private static Reading<List<String>> heldAgainst(
      PromotionFile promotion, @Nullable Platform platform) {
    if (platform == null) {
      return new Reading.Good<>(
          List.of(
              "model " + promotion.model(),
              "not compared with a platform file: name one with --platform or PORTAGE_PLATFORM, or a running"
                  + " sandbox with --sandbox"));
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
