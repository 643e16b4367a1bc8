package dev.portage.compute;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Something to install. How it is written says what it is. */
public sealed interface Library {

  /** What may be written, for messages. */
  String FORMS =
      "a requirements file of the commit, with requirements in its path, as requirements.txt; a package, as torch==2.6.0; the"
          + " full path of a wheel or jar, as /Volumes/main/ml/wheels/churn-1.0-py3-none-any.whl";

  /** As it is written in the platform file. */
  String written();

  /**
   * A requirements file of the promotion's commit.
   *
   * @param written its path below the folder of {@code promotion.yaml}
   */
  record RequirementsFile(String written) implements Library {}

  /**
   * A package of PyPI, or of the index that the workspace is set up with.
   *
   * @param written as pip takes it, such as {@code torch==2.6.0}
   */
  record PythonPackage(String written) implements Library {}

  /**
   * A wheel stored in the workspace or in cloud storage.
   *
   * @param written its full path
   */
  record Wheel(String written) implements Library {}

  /**
   * A jar stored in the workspace or in cloud storage.
   *
   * @param written its full path
   */
  record Jar(String written) implements Library {}

  /** What a text means; empty for one that nothing could be installed by. */
  static Optional<Library> of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    boolean isFull = Forms.FULL_PATH.matcher(text).matches();
    if (lower.endsWith(".whl")) {
      return isFull ? Optional.of(new Wheel(text)) : Optional.empty();
    }
    if (lower.endsWith(".jar")) {
      return isFull ? Optional.of(new Jar(text)) : Optional.empty();
    }
    if (lower.endsWith(".txt")) {
      return Forms.RELATIVE_PATH.matcher(text).matches()
          ? Optional.of(new RequirementsFile(text))
          : Optional.empty();
    }
    return Forms.PACKAGE.matcher(text).matches()
        ? Optional.of(new PythonPackage(text))
        : Optional.empty();
  }

  /** How a line about compute ends. */
  static String text(List<Library> libraries) {
    return libraries.isEmpty()
        ? ""
        : ", with " + libraries.stream().map(Library::written).collect(Collectors.joining(", "));
  }

  /** How each kind is written. */
  final class Forms {
    private static final Pattern FULL_PATH =
        Pattern.compile("(/(Volumes|Workspace)/|dbfs:/|s3a?://|abfss?://|gs://)[^\\s?#]+");
    private static final Pattern RELATIVE_PATH =
        Pattern.compile("(?=.*requirements)(?!.*(^|/)\\.\\.?(/|$))[^/\\s\\\\:-][^\\s\\\\:]*");

    /**
     * Name, extras, and versions or an address with a marker behind it, as pip takes it.
     *
     * @see <a href="https://packaging.python.org/en/latest/specifications/dependency-specifiers/">
     *     Dependency specifiers</a>
     */
    private static final Pattern PACKAGE =
        Pattern.compile(
            "[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\\s*(\\[[A-Za-z0-9._,\\s-]*])?\\s*"
                + "(@\\s*https://\\S+|\\(?\\s*(===?|[<>!~]=|[<>])\\s*[A-Za-z0-9*.+!_-]+"
                + "(\\s*,\\s*(===?|[<>!~]=|[<>])\\s*[A-Za-z0-9*.+!_-]+)*\\s*\\)?)?"
                + "\\s*(;.+)?");

    private Forms() {}
  }
}
