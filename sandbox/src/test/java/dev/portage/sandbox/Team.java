package dev.portage.sandbox;

import dev.portage.sandbox.demo.DemoRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A team with a repository made of an example, under a model name of its own.
 *
 * @param model name of its model
 * @param repository where it commits
 * @param commands typed there
 */
public record Team(String model, DemoRepository repository, Commands commands) {

  /**
   * Makes the repository of a project whose model is of one number and trained in a moment: for
   * what happens around a model, whatever it is.
   */
  public static Team tiny(String model) throws IOException {
    return with(RealServers.root().resolve("sandbox/src/test/projects"), "tiny", model);
  }

  /** Makes the repository of an example; its model may get another name. */
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

  /** Commits what is there and says what the promotion of it is called. */
  public String commit(String message) throws IOException {
    String commit = repository.commit("kim@example.com", message);
    return "promotion/" + model + "/" + commit.substring(0, 12);
  }

  /** Changes a text in a file. */
  public void change(String file, String from, String to) throws IOException {
    Path path = repository.folder().resolve(file);
    String text = Files.readString(path);
    if (!text.contains(from)) {
      throw new AssertionError(file + " has no " + from);
    }
    Files.writeString(path, text.replace(from, to));
  }

  /** Starts the promotion of the last commit, until people have to decide. */
  public Commands.Result start() {
    return commands.json("start", "promotion.yaml", "--by", "sam@example.com");
  }

  /** Approves, and stays until the promotion has ended. */
  public Commands.Result approveAndWatch(String promotion) {
    Commands.Result approved = commands.run("approve", promotion, "--by", "ana@example.com");
    return approved.code() == 0 ? commands.json("watch", promotion) : approved;
  }
}
