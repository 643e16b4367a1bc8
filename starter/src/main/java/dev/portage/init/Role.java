package dev.portage.init;

import java.util.List;
import java.util.regex.Pattern;

/** What a piece of code does on the way of a model, by what it calls and how it is named. */
enum Role {
  TRAIN(
      "trains",
      "--train",
      List.of(
          new Sign(5, "\\.log_model\\s*\\("),
          new Sign(4, "\\bautolog\\s*\\("),
          new Sign(4, "\\bregister_model\\s*\\("),
          new Sign(2, "\\.fit\\s*\\("),
          new Sign(2, "\\bstart_run\\s*\\("),
          new Sign(-4, "\\bload_model\\s*\\(")),
      3,
      Pattern.compile("(?i)train|fit|learn"),
      Pattern.compile("(?i)score|scoring|predict|infer|valid|eval|deploy|monitor|feature")),
  BATCH(
      "scores",
      "--batch",
      List.of(
          new Sign(5, "\\bload_model\\s*\\("),
          new Sign(5, "\\bspark_udf\\s*\\("),
          new Sign(5, "\\bscore_batch\\s*\\("),
          new Sign(3, "[\"']model_uri[\"']"),
          new Sign(1, "\\bpredict\\w*\\s*\\("),
          new Sign(-4, "\\.log_model\\s*\\(")),
      3,
      Pattern.compile("(?i)score|scoring|predict|infer|batch"),
      Pattern.compile("(?i)train|valid|eval|test|deploy|monitor|serv")),
  CHECK(
      "checks",
      "--check",
      List.of(new Sign(2, "\\bassert\\b|\\bexpect_|\\braise\\b")),
      3,
      Pattern.compile("(?i)^(data_?)?(check|checks|tests)$"),
      Pattern.compile("(?i)train|score|deploy"));

  /** Less than this is a coincidence. */
  private static final int LEAST = 3;

  /**
   * Something in code that speaks for a role, or against it.
   *
   * @param weight how much
   */
  record Sign(int weight, Pattern pattern) {
    Sign(int weight, String pattern) {
      this(weight, Pattern.compile(pattern));
    }
  }

  private final String does;
  private final String option;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Sign> signs;

  private final int nameWeight;
  private final Pattern name;
  private final Pattern otherName;

  Role(
      String does,
      String option,
      List<Sign> signs,
      int nameWeight,
      Pattern name,
      Pattern otherName) {
    this.does = does;
    this.option = option;
    this.signs = signs;
    this.nameWeight = nameWeight;
    this.name = name;
    this.otherName = otherName;
  }

  /** As "trains". */
  String does() {
    return does;
  }

  /** The option of {@code portage init} that names it. */
  String option() {
    return option;
  }

  /** How much speaks for it, 0 where too little does. */
  int weight(PythonCode code) {
    int weight = 0;
    for (Sign sign : signs) {
      weight += code.has(sign.pattern()) ? sign.weight() : 0;
    }
    weight += name.matcher(code.stem()).find() ? nameWeight : 0;
    weight -= otherName.matcher(code.stem()).find() ? nameWeight : 0;
    return weight < LEAST ? 0 : weight;
  }

  /** The first line that speaks for it, as "mlflow.sklearn.log_model( in line 12"; "" for none. */
  String reason(PythonCode code) {
    for (Sign sign : signs) {
      int line = sign.weight() > 1 ? code.lineOf(sign.pattern()) : 0;
      if (line > 0) {
        String text = code.code().lines().skip(line - 1L).findFirst().orElse("").strip();
        return (text.length() > 60 ? text.substring(0, 60) + "…" : text)
            + (code.name().endsWith(".ipynb") ? "" : ", line " + line);
      }
    }
    return "";
  }

  /** Whether a job or task of that name is likely to do it. */
  boolean suits(String named) {
    return name.matcher(named).find() && !otherName.matcher(named).find();
  }
}
