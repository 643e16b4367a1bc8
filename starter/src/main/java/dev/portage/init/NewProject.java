package dev.portage.init;

import dev.portage.start.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A project to begin with: small, complete, and released by the sandbox as it is. */
public final class NewProject {

  /** Path in a project, and the resource that it comes from. */
  private static final Map<String, String> FILES = new LinkedHashMap<>();

  static {
    FILES.put("promotion.yaml", "promotion.yaml");
    FILES.put("notebooks/check.py", "check.py.txt");
    FILES.put("notebooks/train.py", "train.py.txt");
    FILES.put("notebooks/score.py", "score.py.txt");
    FILES.put("notebooks/evaluate.py", "evaluate.py.txt");
    FILES.put("azure-pipelines.yml", "azure-pipelines.yml");
    FILES.put("azure-pipelines/promotion.yml", "azure-pipelines/promotion.yml");
    FILES.put("README.md", "README.md.txt");
    FILES.put(".gitignore", "gitignore.txt");
  }

  private NewProject() {}

  /** Name of the model that a folder's project has. */
  public static String model(String folder) {
    String model = ModelNames.model(folder);
    return model.isEmpty() ? "model" : model;
  }

  /**
   * Writes its files. One that is there stays as it is.
   *
   * @return those that were written
   */
  public static List<String> write(Path folder, String model) {
    List<String> written = new ArrayList<>();
    FILES.forEach((name, resource) -> {
      String text =
          resource(resource)
              .replace("__MODEL__", model)
              .replace("__TABLE__", model.replace('-', '_') + "_predictions");
      if (writeNew(folder.resolve(name), text)) {
        written.add(name);
      }
    });
    return written;
  }

  /**
   * Writes a file that is not there yet.
   *
   * @return whether it was written
   */
  public static boolean writeNew(Path file, String text) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } catch (IOException e) {
      throw new StartException("can't write " + file + ": " + e.getMessage());
    }
  }

  private static String resource(String name) {
    try (InputStream in = NewProject.class.getResourceAsStream("project/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the resource " + name + " can't be read", e);
    }
  }
}
