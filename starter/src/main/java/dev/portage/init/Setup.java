package dev.portage.init;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.settings.JobFile;
import dev.portage.settings.PromotionFile;
import dev.portage.start.PromotionFiles;
import dev.portage.start.StartException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the {@code promotion.yaml} of a project that is there already. */
public final class Setup {

  private static final Pattern GATE =
      Pattern.compile("([^<>=]++)(>=|<=)\\s*+([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)");

  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}(\\.[A-Za-z_][A-Za-z0-9_]{0,254}){0,2}");

  private static final List<String> SCORING = List.of("model_uri", "table", "batch_id");

  private final Survey survey;
  private final Choices wishes;
  private final Chooser chooser;

  /**
   * What somebody wants instead of what is found; each is null, empty or false where they leave it
   * open.
   *
   * @param model name of the model
   * @param train what trains
   * @param batch what scores
   * @param check what must pass before training
   * @param table table of the predictions
   * @param gates limits, as "rmse &lt;= 60"
   * @param noBatch whether nothing scores
   */
  public record Choices(
      @Nullable String model,
      @Nullable String train,
      @Nullable String batch,
      @Nullable String check,
      @Nullable String table,
      List<String> gates,
      boolean noBatch) {
    public Choices {
      gates = List.copyOf(gates);
    }
  }

  /** Picks one where several are as likely. */
  public interface Chooser {
    /**
     * The number of the one that somebody picked, from 0.
     *
     * @param does what is looked for, as "trains"
     * @return empty where nobody can be asked
     */
    Optional<Integer> choose(String does, List<String> lines);
  }

  /**
   * What came of it.
   *
   * @param model name of the model
   * @param text the file
   * @param found what was found and where, a line each
   * @param notes what is worth knowing
   */
  public record Result(String model, String text, List<String> found, List<String> notes) {
    public Result {
      found = List.copyOf(found);
      notes = List.copyOf(notes);
    }
  }

  /** A setup of what a survey found. */
  public Setup(Survey survey, Choices wishes, Chooser chooser) {
    this.survey = survey;
    this.wishes = wishes;
    this.chooser = chooser;
  }

  /**
   * Makes the file.
   *
   * @param folder name of the project's folder, the last to name the model
   * @throws StartException when something has to be named, or what was named is not there
   * @throws UndecidedException when several things are as likely and nobody can be asked
   */
  public Result make(String folder) {
    List<String> found = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Candidate train =
        pick(Role.TRAIN, wishes.train(), found)
            .orElseThrow(() ->
                new StartException(
                    "found nothing that trains a model among "
                        + survey.names().size()
                        + " files; name it: portage init --train notebooks/train.py, or job:NAME for a job that already exists in the workspace"));
    Optional<Candidate> batch =
        wishes.noBatch() ? Optional.empty() : pick(Role.BATCH, wishes.batch(), found);
    Optional<Candidate> check = check(found);
    ModelNames.Named name = name(train, folder);
    found.add("model " + name.model() + "  from " + name.where());
    if (batch.isEmpty() && !wishes.noBatch()) {
      notes.add(
          "nothing here scores with a registered model, so there is no batch step; add one with --batch PATH");
    }
    batch.ifPresent(scoring -> noteParameters(scoring, notes));
    List<String> metrics = survey.code(train).map(Metrics::of).orElse(List.of());
    if (wishes.gates().isEmpty()) {
      notes.add(
          "no gate has a limit, so none stops a bad model; set limits in promotion.yaml, under gates");
    }
    String text =
        new PromotionText(name, train, batch, check, table(name, batch), gates(), metrics).text();
    return new Result(name.model(), checked(text), found, notes);
  }

  /** A check is named rarely enough that only a clear one counts. */
  private Optional<Candidate> check(List<String> found) {
    return wishes.check() == null && survey.likeliest(Role.CHECK).size() != 1
        ? Optional.empty()
        : pick(Role.CHECK, wishes.check(), found);
  }

  private Optional<Candidate> pick(Role role, @Nullable String named, List<String> found) {
    Optional<Candidate> picked = named == null ? likeliest(role) : Optional.of(named(role, named));
    picked.ifPresent(one -> found.add(one.typed() + "  " + one.where()));
    picked.ifPresent(one ->
        survey.of(role).stream()
            .filter(other -> !other.typed().equals(one.typed()))
            .limit(5)
            .forEach(other ->
                found.add(
                    "  also: "
                        + role.option()
                        + " "
                        + quoted(other.typed())
                        + "  "
                        + other.where())));
    return picked;
  }

  private Optional<Candidate> likeliest(Role role) {
    List<Candidate> likeliest = survey.likeliest(role);
    if (likeliest.size() < 2) {
      return likeliest.stream().findFirst();
    }
    List<String> lines =
        likeliest.stream()
            .map(one -> role.option() + " " + quoted(one.typed()) + "  " + one.where())
            .toList();
    int chosen =
        chooser
            .choose(role.does(), lines)
            .filter(number -> number >= 0 && number < likeliest.size())
            .orElseThrow(() -> new UndecidedException(role.does(), lines));
    return Optional.of(likeliest.get(chosen));
  }

  private Candidate named(Role role, String named) {
    String name = named.strip();
    if (name.startsWith("job:")) {
      return new Candidate(Candidate.Form.JOB, name.substring(4), 0, "job; as given");
    }
    if (name.startsWith("wheel:")) {
      return new Candidate(Candidate.Form.WHEEL, name.substring(6), 0, "wheel; as given");
    }
    if (name.startsWith("settings:")) {
      return settings(name.substring(9).replace('\\', '/').replaceFirst("^\\./", ""), role);
    }
    String path = name.replace('\\', '/').replaceFirst("^\\./", "");
    PythonCode code =
        survey
            .code(path)
            .orElseThrow(() ->
                new StartException(
                    role.option()
                        + " names "
                        + path
                        + ", which is not a notebook or Python file in this folder; give a path in it, job:NAME, settings:FILE, or wheel:PACKAGE:ENTRY-POINT"));
    return Survey.candidate(code, 0, "as given");
  }

  private Candidate settings(String path, Role role) {
    Reading<JobFile> read =
        survey
            .settings(path)
            .orElseThrow(() ->
                new StartException(
                    role.option()
                        + " names "
                        + path
                        + ", which is not a file with the settings of a job in this folder; export one:"
                        + " databricks jobs get ID -o json"));
    if (role != Role.BATCH) {
      throw new StartException(
          "settings:" + path + " is for --batch; name a job that exists as job:NAME");
    }
    if (read instanceof Reading.Wrong<JobFile>(List<ValidationError> errors)) {
      throw new StartException(errors);
    }
    return new Candidate(Candidate.Form.SETTINGS, path, 0, "settings of a job; as given");
  }

  private ModelNames.Named name(Candidate train, String folder) {
    String wanted = wishes.model();
    if (wanted == null) {
      return ModelNames.find(survey.training(Optional.of(train)), survey.bundle(), folder);
    }
    ModelNames.Named asGiven = new ModelNames.Named(wanted, null, "--model");
    // What a registered model is called may be any text.
    return ModelNames.isName(wanted)
        ? asGiven
        : ModelNames.of(wanted, "--model, as the registered model \"" + wanted + "\"")
            .orElse(asGiven);
  }

  private String table(ModelNames.Named name, Optional<Candidate> batch) {
    String wanted = wishes.table();
    if (wanted != null) {
      return wanted;
    }
    return batch
        .flatMap(survey::code)
        .map(code -> new PythonValues(code.code()))
        .flatMap(values -> values.widget("table").flatMap(values::value))
        .filter(table -> TABLE.matcher(table).matches())
        .orElse(name.model().replace('-', '_') + "_predictions");
  }

  private Map<String, String> gates() {
    Map<String, String> gates = new java.util.LinkedHashMap<>();
    for (String gate : wishes.gates()) {
      Matcher read = GATE.matcher(gate.strip());
      if (!read.matches()) {
        throw new StartException(
            "--gate \""
                + gate
                + "\" is not a limit; write METRIC >= NUMBER or METRIC <= NUMBER, such as \"rmse <= 60\"");
      }
      String metric = String.valueOf(read.group(1)).strip();
      if (gates.put(metric, read.group(2) + " " + read.group(3)) != null) {
        throw new StartException("--gate limits " + metric + " twice; allowed: once");
      }
    }
    return gates;
  }

  private void noteParameters(Candidate batch, List<String> notes) {
    survey
        .code(batch)
        .ifPresent(code -> {
          PythonValues values = new PythonValues(code.code());
          List<String> missing =
              SCORING.stream().filter(parameter -> !values.takes(parameter)).toList();
          if (!missing.isEmpty()) {
            notes.add(
                code.name()
                    + " takes no "
                    + String.join(", ", missing)
                    + "; scoring needs them to use the promoted version and to write only its own batch: docs/notebooks.md");
          }
        });
  }

  /** By the reader that a start has: what is written here is never refused there. */
  private String checked(String text) {
    return switch (PromotionFile.read(PromotionFiles.NAME, text)) {
      case Reading.Good<PromotionFile>(PromotionFile file) -> {
        var missing = file.missingFiles(survey.names());
        if (!missing.isEmpty()) {
          throw new StartException(missing);
        }
        Reading<JobFile> job = file.jobFile().flatMap(survey::settings).orElse(null);
        if (job != null
            && job.then(file::with) instanceof Reading.Wrong<PromotionFile>(var wrong)) {
          throw new StartException(wrong);
        }
        yield text;
      }
      case Reading.Wrong<PromotionFile>(var wrong) -> throw new StartException(wrong);
    };
  }

  private static String quoted(String text) {
    return text.matches("[\\w./:-]+") ? text : "\"" + text + "\"";
  }
}
