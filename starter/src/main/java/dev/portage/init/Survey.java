package dev.portage.init;

import dev.portage.checkout.Checkout;
import dev.portage.document.Reading;
import dev.portage.settings.JobFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a project has that could be steps of a promotion, each with where it was found and why, the
 * likeliest first. Nothing is run, and nothing is changed.
 */
public final class Survey {

  /** A runner-up within this is as likely as the first. */
  private static final int AS_LIKELY = 2;

  private static final Pattern SETTINGS = Pattern.compile("(?!promotion\\.yaml$).+\\.(json|ya?ml)");

  private final ProjectFiles files;
  private final List<PythonCode> code;
  private final Bundle bundle;
  private final Map<Role, List<Candidate>> found = new EnumMap<>(Role.class);

  private Survey(ProjectFiles files) {
    this.files = files;
    this.code =
        files.names().stream().flatMap(name -> PythonCode.of(name, files).stream()).toList();
    this.bundle = Bundle.of(files);
    for (Role role : Role.values()) {
      found.put(role, candidates(role));
    }
  }

  /**
   * Looks at a folder and below it.
   *
   * @param checkout the checkout around it, empty for none
   */
  public static Survey of(Path folder, Optional<Checkout> checkout) {
    return new Survey(ProjectFiles.of(folder, checkout));
  }

  /** Whether there is no code at all, so that a project can be made. */
  public boolean isEmpty() {
    return code.isEmpty() && bundle.jobs().isEmpty();
  }

  /** Names of all files, relative to the folder. */
  public List<String> names() {
    return files.names();
  }

  /** What could do a role, the likeliest first. */
  List<Candidate> of(Role role) {
    return found.getOrDefault(role, List.of());
  }

  /** Those among which only a person can choose: one, where it is clear. */
  List<Candidate> likeliest(Role role) {
    List<Candidate> all = of(role);
    return all.stream().filter(one -> one.weight() >= all.getFirst().weight() - AS_LIKELY).toList();
  }

  /** The code of a notebook or script; empty for another form. */
  Optional<PythonCode> code(Candidate candidate) {
    return code.stream().filter(one -> one.name().equals(candidate.name())).findFirst();
  }

  /** A file that was named; empty if there is none. */
  Optional<PythonCode> code(String name) {
    return code.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  Bundle bundle() {
    return bundle;
  }

  /** Modules too: notebooks may leave the training itself to one. */
  List<PythonCode> training(Optional<Candidate> train) {
    List<PythonCode> first = new ArrayList<>(train.flatMap(this::code).stream().toList());
    code.stream()
        .filter(one -> Role.TRAIN.weight(one) > 0 && !first.contains(one))
        .sorted(Comparator.comparingInt(Role.TRAIN::weight).reversed())
        .forEach(first::add);
    return first;
  }

  private List<Candidate> candidates(Role role) {
    List<Candidate> all = new ArrayList<>();
    for (PythonCode one : code) {
      int weight = one.kind() == PythonCode.Kind.MODULE ? 0 : role.weight(one);
      // A check that is a program has no way to say that it is one.
      boolean fits = role != Role.CHECK || one.kind() == PythonCode.Kind.NOTEBOOK;
      if (weight > 0 && fits) {
        all.add(candidate(one, weight, role.does() + reason(role.reason(one))));
      }
    }
    boolean ofFiles = !all.isEmpty();
    if (role == Role.BATCH) {
      ofSettings(all);
    }
    for (Bundle.Job job : bundle.jobs()) {
      ofBundle(role, job, ofFiles, all);
    }
    all.sort(Comparator.comparingInt(Candidate::weight).reversed().thenComparing(Candidate::name));
    return all;
  }

  private static String reason(String line) {
    return line.isEmpty() ? " by its name" : ": " + line;
  }

  static Candidate candidate(PythonCode code, int weight, String why) {
    return code.kind() == PythonCode.Kind.NOTEBOOK
        ? new Candidate(Candidate.Form.NOTEBOOK, code.name(), weight, "notebook; " + why)
        : new Candidate(Candidate.Form.SCRIPT, code.name(), weight, "script; " + why);
  }

  /**
   * Files with the settings of a job that scores as it is: its parameters pass the version. Behind
   * code that scores, since it may be what the job runs.
   */
  private void ofSettings(List<Candidate> into) {
    int weight = into.isEmpty() ? 2 * AS_LIKELY + 1 : 0;
    for (String name : files.names()) {
      if (SETTINGS.matcher(name).matches()) {
        settings(name)
            .filter(read ->
                read instanceof Reading.Good<JobFile>(JobFile job) && job.missing().isEmpty())
            .ifPresent(_ ->
                into.add(
                    new Candidate(
                        Candidate.Form.SETTINGS, name, weight, "settings of a job that scores")));
      }
    }
  }

  /** The settings of a job in a file; empty for a file that can't have any. */
  Optional<Reading<JobFile>> settings(String name) {
    return files
        .text(name)
        .filter(text -> text.contains("task_key"))
        .map(text ->
            JobFile.read(name, name.substring(0, Math.max(0, name.lastIndexOf('/'))), null, text));
  }

  /**
   * Jobs and wheels of the bundle. Where a notebook or script of the commit does it, they come
   * behind: what a commit holds is promoted with it, and a job may do more than one step.
   */
  private void ofBundle(Role role, Bundle.Job job, boolean ofFiles, List<Candidate> into) {
    boolean suits =
        role.suits(job.key()) || job.tasks().stream().anyMatch(task -> role.suits(task.key()));
    if (!suits || role == Role.CHECK) {
      return;
    }
    int weight = ofFiles ? 0 : AS_LIKELY;
    for (Bundle.Task task : job.tasks()) {
      String pack = task.pack();
      String entryPoint = task.entryPoint();
      if (pack != null
          && entryPoint != null
          && (role.suits(task.key()) || role.suits(entryPoint))) {
        into.add(
            new Candidate(
                Candidate.Form.WHEEL,
                pack + ":" + entryPoint,
                ofFiles ? 0 : 2 * AS_LIKELY + 1,
                "entry point of a wheel; task " + task.key() + " of " + where(job)));
      }
    }
    String name = job.name();
    if (name != null) {
      into.add(new Candidate(Candidate.Form.JOB, name, weight, "job of the bundle; " + where(job)));
    }
  }

  private static String where(Bundle.Job job) {
    return "job " + job.key() + " in " + job.file();
  }
}
