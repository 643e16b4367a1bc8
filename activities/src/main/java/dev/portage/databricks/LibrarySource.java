package dev.portage.databricks;

import dev.portage.compute.Library;
import dev.portage.compute.Requirements;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.Source;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A library in the form that the Jobs API accepts. The API can't read a requirements file from a
 * git repository, so the file's lines are sent one by one.
 */
sealed interface LibrarySource {

  /** A line of a requirements file, as pip reads it. */
  record Line(String text) implements LibrarySource {}

  record Wheel(String path) implements LibrarySource {}

  record Jar(String path) implements LibrarySource {}

  /**
   * The libraries of a compute word, resolved, in order, each once.
   *
   * @throws ApplicationFailure the user's, when the commit lacks a requirements file, for example
   *     one that the platform file has named since the promotion started
   */
  static List<LibrarySource> all(
      List<Library> libraries, Source source, DatabricksWorkspace workspace) {
    List<LibrarySource> sources = new ArrayList<>();
    for (Library library : libraries) {
      switch (library) {
        case Library.RequirementsFile file ->
            lines(file.written(), source, workspace).stream().map(Line::new).forEach(sources::add);
        case Library.PythonPackage pypi -> sources.add(new Line(pypi.written()));
        case Library.Wheel wheel -> sources.add(new Wheel(wheel.written()));
        case Library.Jar jar -> sources.add(new Jar(jar.written()));
      }
    }
    return sources.stream().distinct().toList();
  }

  private static List<String> lines(String file, Source source, DatabricksWorkspace workspace) {
    Map<String, String> texts = source.requirements();
    if (texts == null || !texts.containsKey(file)) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "install " + file,
              workspace.where(),
              "commit "
                  + source.commit()
                  + " has no such file, or it was not sent with the promotion",
              "Commit the file, or ask the platform team to remove it from the compute word."));
    }
    return Requirements.read(file, texts).lines();
  }
}
