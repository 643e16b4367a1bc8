package dev.portage.localworkspace.models;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portage.localworkspace.documents.WholeFile;
import dev.portage.localworkspace.protocol.ApiRefusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The registered models, on disk: one file each, rewritten with every change. */
final class ModelBook {
  private static final String FILE = "model.json";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Path root;
  private final SortedMap<String, RegisteredModel> models = new TreeMap<>();

  /**
   * Reads what is stored.
   *
   * @param root a folder a model
   */
  ModelBook(Path root) throws IOException {
    this.root = Files.createDirectories(root);
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : (Iterable<Path>) folders::iterator) {
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
          RegisteredModel model = MAPPER.readValue(file.toFile(), RegisteredModel.class);
          models.put(model.name(), model);
        }
      }
    }
  }

  synchronized List<RegisteredModel> all() {
    return List.copyOf(models.values());
  }

  /**
   * A model.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST
   */
  synchronized RegisteredModel get(String name) {
    RegisteredModel model = models.get(ModelRules.plain(name));
    if (model == null) {
      throw ApiRefusal.notFound(
          "RESOURCE_DOES_NOT_EXIST",
          "RegisteredModel '" + name + "' does not exist. It might have been deleted.");
    }
    return model;
  }

  /**
   * A version.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST
   */
  ModelVersion version(String name, String number) {
    RegisteredModel model = get(name);
    ModelVersion version =
        number.matches("[1-9]\\d{0,8}") ? model.versions().get(Integer.parseInt(number)) : null;
    if (version == null) {
      throw ApiRefusal.notFound(
          "RESOURCE_DOES_NOT_EXIST",
          "ModelVersion '" + number + "' of '" + name + "' does not exist.");
    }
    return version;
  }

  synchronized void add(RegisteredModel model) {
    if (models.containsKey(model.name())) {
      throw ApiRefusal.resourceAlreadyExists(
          "RegisteredModel '" + model.name() + "' already exists.");
    }
    keep(model);
  }

  /** Changes an existing model, and returns its new state. */
  synchronized RegisteredModel change(String name, UnaryOperator<RegisteredModel> change) {
    RegisteredModel changed = change.apply(get(name)).at(System.currentTimeMillis());
    keep(changed);
    return changed;
  }

  /** Changes an existing version, and returns its new state. */
  synchronized ModelVersion changeVersion(
      String name, String number, UnaryOperator<ModelVersion> change) {
    ModelVersion changed = change.apply(version(name, number)).at(System.currentTimeMillis());
    change(name, model -> model.with(changed));
    return changed;
  }

  private void keep(RegisteredModel model) {
    try {
      Path folder = Files.createDirectories(folder(model.name()));
      WholeFile.write(folder.resolve(FILE), MAPPER.writeValueAsBytes(model));
    } catch (IOException e) {
      throw new UncheckedIOException("The model " + model.name() + " can't be kept", e);
    }
    models.put(model.name(), model);
  }

  synchronized void remove(String name) throws IOException {
    get(name);
    Files.deleteIfExists(folder(name).resolve(FILE));
    models.remove(ModelRules.plain(name));
    delete(folder(name));
  }

  /** Where the files of a version are kept, where they are kept here. */
  Path files(String name, int number) {
    return folder(name).resolve("versions").resolve(Integer.toString(number));
  }

  private Path folder(String name) {
    return root.resolve(ModelRules.plain(name));
  }

  void deleteFiles(String name, int number) throws IOException {
    delete(files(name, number));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
