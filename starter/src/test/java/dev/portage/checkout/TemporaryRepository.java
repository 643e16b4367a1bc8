package dev.portage.checkout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A real Git repository that a test writes to. */
public final class TemporaryRepository {

  private final Path top;

  public TemporaryRepository(Path top) {
    this.top = top;
    git("init", "--quiet", "--initial-branch=main");
    git("config", "user.email", "ana@example.com");
    git("config", "user.name", "Ana");
    git("config", "commit.gpgsign", "false");
  }

  public Path top() {
    return top;
  }

  public TemporaryRepository write(String name, String text) {
    try {
      Path file = top.resolve(name);
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Commits the smallest project of a model, and names where it was cloned from.
   *
   * @return the commit's id
   */
  public String commitProject(String model) {
    String commit =
        write("promotion.yaml", "model: " + model + "\ntrain: train.py\n")
            .write("train.py", "# Databricks notebook source\n")
            .commit(model);
    git("remote", "add", "origin", "https://github.com/team/models.git");
    return commit;
  }

  /**
   * The same.
   *
   * @return id of the commit's promotion
   */
  public String commitPromotion(String model) {
    return "promotion/" + model + "/" + commitProject(model).substring(0, 12);
  }

  /** Commits everything and returns the commit's id. */
  public String commit(String message) {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", message);
    return git("rev-parse", "HEAD");
  }

  public String git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).directory(top.toFile()).redirectErrorStream(true).start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new AssertionError(command + ": " + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
