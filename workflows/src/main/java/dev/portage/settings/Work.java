package dev.portage.settings;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a step runs in a workspace. Written with its {@code form}; what was written without one is a
 * notebook, as all work once was.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "form", defaultImpl = Work.Notebook.class)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Work.Notebook.class, name = "notebook"),
  @JsonSubTypes.Type(value = Work.Script.class, name = "script"),
  @JsonSubTypes.Type(value = Work.Wheel.class, name = "wheel"),
  @JsonSubTypes.Type(value = Work.Job.class, name = "job"),
  @JsonSubTypes.Type(value = Work.Defined.class, name = "settings")
})
public sealed interface Work {

  /** Values by name, in the file's order: widgets, arguments or parameters of a job. */
  Map<String, String> parameters();

  /** Time after which a run is ended. */
  Duration timeout();

  /**
   * The word of the platform file that says what it runs on; null for the workspace's own default,
   * and always for a job, which has compute of its own.
   */
  @Nullable String compute();

  /**
   * The same with values of these names beside its own; where both have a name, these stand. A job
   * stays as it is: its values are given to its run.
   */
  default Work with(Map<String, String> further) {
    Map<String, String> all = new LinkedHashMap<>(parameters());
    all.putAll(further);
    return switch (this) {
      case Notebook n -> new Notebook(n.notebook(), all, n.timeout(), n.compute());
      case Script s -> new Script(s.script(), all, s.arguments(), s.timeout(), s.compute());
      case Wheel w ->
          new Wheel(
              w.pack(), w.entryPoint(), w.wheel(), all, w.arguments(), w.timeout(), w.compute());
      case Job j -> j;
      case Defined d -> d.filled(further);
    };
  }

  /** Its name in a sentence, such as "notebooks/train.py" or "job nightly-train". */
  String named();

  /** The file of the commit that it needs, relative to {@code promotion.yaml}; null for none. */
  @Nullable String file();

  /**
   * A notebook of the commit.
   *
   * @param notebook relative to {@code promotion.yaml}, such as {@code notebooks/train.py}; the
   *     ending may be left out
   * @param parameters values of its widgets
   */
  record Notebook(
      String notebook, Map<String, String> parameters, Duration timeout, @Nullable String compute)
      implements Work {

    public Notebook {
      parameters = inOrder(parameters);
    }

    /** One that runs on what the workspace runs jobs on. */
    public Notebook(String notebook, Map<String, String> parameters, Duration timeout) {
      this(notebook, parameters, timeout, null);
    }

    @Override
    public String named() {
      return notebook;
    }

    @Override
    public String file() {
      return notebook;
    }
  }

  /**
   * A Python file of the commit, run as a program.
   *
   * @param script relative to {@code promotion.yaml}, such as {@code src/train.py}
   * @param parameters given to it as {@code --name=value}
   * @param arguments given to it as they are, before those; null for none
   */
  record Script(
      String script,
      Map<String, String> parameters,
      @Nullable List<String> arguments,
      Duration timeout,
      @Nullable String compute)
      implements Work {

    public Script {
      parameters = inOrder(parameters);
      arguments = arguments == null ? null : List.copyOf(arguments);
    }

    @Override
    public String named() {
      return script;
    }

    @Override
    public String file() {
      return script;
    }
  }

  /**
   * An entry point of a Python package.
   *
   * @param pack name of the package, such as {@code churn}
   * @param entryPoint name of the entry point, or a function of the package
   * @param wheel where the wheel is, such as {@code
   *     /Volumes/main/wheels/churn/{commit}/churn-1.whl}; null if the compute has it
   * @param parameters given to it as {@code --name=value}
   * @param arguments given to it as they are, in place of parameters; null for none
   */
  record Wheel(
      String pack,
      String entryPoint,
      @Nullable String wheel,
      Map<String, String> parameters,
      @Nullable List<String> arguments,
      Duration timeout,
      @Nullable String compute)
      implements Work {

    /** Stands for the commit's full id in {@code wheel}. */
    public static final String COMMIT = "{commit}";

    public Wheel {
      parameters = inOrder(parameters);
      arguments = arguments == null ? null : List.copyOf(arguments);
    }

    /** Where the wheel of a commit is, null if the compute has it. */
    public @Nullable String wheelOf(String commit) {
      return wheel == null ? null : wheel.replace(COMMIT, commit);
    }

    @Override
    public String named() {
      return entryPoint + " of package " + pack;
    }

    @Override
    public @Nullable String file() {
      return null;
    }
  }

  /**
   * A job that the team has in the workspace. It is run as it is, and never changed.
   *
   * @param job its name, or its id in digits
   * @param parameters values of its parameters
   */
  record Job(String job, Map<String, String> parameters, Duration timeout) implements Work {

    public Job {
      parameters = inOrder(parameters);
    }

    @Override
    public @Nullable String compute() {
      return null;
    }

    @Override
    public String named() {
      return "job " + job;
    }

    @Override
    public @Nullable String file() {
      return null;
    }
  }

  /**
   * A job that Portage makes of settings which the team keeps in its repository, tasks included.
   *
   * @param settings path of the file, relative to {@code promotion.yaml}; {@code #KEY} after it
   *     names a job of a bundle
   * @param json the settings as JSON, with the placeholders that have no values yet; null until the
   *     file is read
   * @param timeout after which a run is ended: the file's, or the usual
   * @param compute word for the tasks that the file gives none; null to leave them without
   */
  record Defined(String settings, @Nullable String json, Duration timeout, @Nullable String compute)
      implements Work {

    /** They are in the file. */
    @Override
    public Map<String, String> parameters() {
      return Map.of();
    }

    @Override
    public String named() {
      return "the job of " + settings;
    }

    /** It is no code; {@link JobFile} knows what its tasks run. */
    @Override
    public @Nullable String file() {
      return null;
    }

    /** Path of the file without the key of a job in it. */
    public String path() {
      int hash = settings.indexOf('#');
      return hash < 0 ? settings : settings.substring(0, hash);
    }

    /** Key of the job of a bundle; null for its only one. */
    public @Nullable String key() {
      int hash = settings.indexOf('#');
      return hash < 0 ? null : settings.substring(hash + 1);
    }

    /** The settings; only once the file is read. */
    public JsonNode read() {
      return JobPlaces.settings(Objects.requireNonNull(json, "the file was read before"));
    }

    /** The same with no promotion in what a run is given: the job's own runs are none's. */
    public Defined lasting() {
      return new Defined(
          settings, JobParameters.withoutPromotion(read()).toString(), timeout, compute);
    }

    /** The same with values in the places of these names. */
    public Defined filled(Map<String, String> values) {
      return new Defined(settings, JobPlaces.filled(read(), values).toString(), timeout, compute);
    }

    /** What its tasks run that is not of the commit, as "task score runs /Shared/score". */
    public List<String> notInCommit() {
      return JobFileCode.notInCommit(read());
    }
  }

  private static Map<String, String> inOrder(Map<String, String> parameters) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }
}
