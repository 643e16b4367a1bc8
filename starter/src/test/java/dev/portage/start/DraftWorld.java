package dev.portage.start;

import dev.portage.checkout.TemporaryRepository;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A repository with a promotion file, of which drafts are made. */
abstract class DraftWorld {
  static final String FILE = "model: churn\ntrain: notebooks/train.py\n";
  final Path folder;
  final Map<String, String> environment = new HashMap<>(Map.of("USER", "system"));
  final TemporaryRepository repository;
  final String commit;

  DraftWorld(@TempDir Path folder) {
    this.folder = folder;
    repository = new TemporaryRepository(folder);
    commit =
        repository
            .write("churn/promotion.yaml", FILE)
            .write("churn/notebooks/train.py", "# Databricks notebook source\n")
            .commit("churn");
    repository.git("remote", "add", "origin", "https://me:hunter2@github.com/team/models.git");
  }

  static StartRequest request(String gitProvider) {
    return StartRequest.of(Path.of("churn/promotion.yaml")).gitProvider(gitProvider).build();
  }

  DraftMaker maker(StartRequest request) {
    return new DraftMaker(request, environment, folder, false);
  }

  static StartRequest request(
      @Nullable String commit, @Nullable String version, @Nullable String runId) {
    return request(Path.of("churn/promotion.yaml"), commit, version, runId);
  }

  static StartRequest request(
      Path file, @Nullable String commit, @Nullable String version, @Nullable String runId) {
    return StartRequest.of(file).commit(commit).version(version).runId(runId).build();
  }
}
