package dev.portage.databricks;

import dev.portage.compute.Library;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A library as the Jobs API can be told of it. It takes no requirements file out of a git
 * repository, so that the file's lines are told one by one.
 */
sealed interface LibrarySource {

  /** A line of a requirements file, as pip reads it. */
  record Line(String text) implements LibrarySource {}

  record Wheel(String path) implements LibrarySource {}

  record Jar(String path) implements LibrarySource {}

  /**
   * What the libraries of a word come to, in order, each once.
   *
   * @param requirements lines of the commit's requirements files, by path; a file that is not there
   *     was missing before a promotion could start
   */
  static List<LibrarySource> all(List<Library> libraries, Map<String, List<String>> requirements) {
    List<LibrarySource> sources = new ArrayList<>();
    for (Library library : libraries) {
      switch (library) {
        case Library.RequirementsFile file ->
            requirements.getOrDefault(file.written(), List.of()).stream()
                .map(Line::new)
                .forEach(sources::add);
        case Library.PythonPackage pypi -> sources.add(new Line(pypi.written()));
        case Library.Wheel wheel -> sources.add(new Wheel(wheel.written()));
        case Library.Jar jar -> sources.add(new Jar(jar.written()));
      }
    }
    return sources.stream().distinct().toList();
  }
}
