package dev.portage.sandbox;

import dev.portage.sandbox.demo.DemoRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A team with a repository based on an example, under a model name of its own.
 *
 * @param model its model's name
 * @param repository where it commits
 * @param commands typed there
 */
public record Team(String model, DemoRepository repository, Commands commands) {

  /**
   * Creates the repository of a project whose model is one number and trains instantly: for tests
   * of what happens around any model.
   */
  public static Team tiny(String model) throws IOException {
    return with(RealServers.root().resolve("sandbox/src/test/projects"), "tiny", model);
  }

  /** Creates the repository of an example, optionally under another model name. */
  public static Team with(String example, String model) throws IOException {
    return with(RealServers.root().resolve("examples"), example, model);
  }

  private static Team with(Path examples, String example, String model) throws IOException {
    Path folder = TheWorld.folder(model).resolve("repository");
    DemoRepository repository = DemoRepository.of(examples.resolve(example), folder);
    Team team = new Team(model, repository, new Commands(folder));
    if (!example.equals(model)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().matches(".*\\.(py|yaml)")).toList()) {
          String text = Files.readString(file);
          Files.writeString(
              file,
              text.replace("model: " + example, "model: " + model)
                  .replace("/Shared/" + example, "/Shared/" + model)
                  .replace(example + "_predictions", model + "_predictions"));
        }
      }
    }
    return team;
  }

  /** Commits everything and returns the id of its promotion. */
  public String commit(String message) throws IOException {
    String commit = repository.commit("kim@example.com", message);
    return "promotion/" + model + "/" + commit.substring(0, 12);
  }

  /** Replaces a text in a file. */
  public void change(String file, String from, String to) throws IOException {
    Path path = repository.folder().resolve(file);
    String text = Files.readString(path);
    if (!text.contains(from)) {
      throw new AssertionError(file + " has no " + from);
    }
    Files.writeString(path, text.replace(from, to));
  }

  /** Starts the last commit's promotion and waits until people have to decide. */
  public Commands.Result start() {
    return commands.json("start", "promotion.yaml", "--by", "sam@example.com");
  }

  /** Approves, and waits until the promotion has ended. */
  public Commands.Result approveAndWatch(String promotion) {
    Commands.Result approved = commands.run("approve", promotion, "--by", "ana@example.com");
    return approved.code() == 0 ? commands.json("watch", promotion) : approved;
  }
}
