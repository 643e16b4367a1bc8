package dev.portage.start;

import dev.portage.azuredevops.Pipeline;
import dev.portage.checkout.Checkout;
import dev.portage.checkout.CheckoutException;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.identity.NameFault;
import dev.portage.job.Source;
import dev.portage.promotion.PromotionStart;
import dev.portage.settings.CasesFile;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.ServeCase;
import dev.portage.underway.Ancestors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a promotion starts with: the file as its commit contains it, and the facts around
 * it. Talks only to git.
 */
public final class DraftMaker {

  private static final int KEY_DIGITS = 12;

  /** A longer list of files would not fit into history together with the file. */
  private static final int FILES_BYTES = 64 * 1024;

  private final StartRequest request;
  private final Map<String, String> environment;
  private final Path file;
  private final String fileName;
  private final Optional<Pipeline> pipeline;

  /** Files that are named to one who named none that is there. */
  private static final int MOST_NAMED = 5;

  private final Optional<Checkout> checkout;
  private final Optional<Origin> origin;
  private final List<String> notes = new ArrayList<>();
  private boolean planned;

  /**
   * Makes drafts of one wish.
   *
   * @param folder where the command runs
   * @param sandbox whether it will run in the sandbox, where workspaces read this very checkout
   */
  public DraftMaker(
      StartRequest request, Map<String, String> environment, Path folder, boolean sandbox) {
    this.request = request;
    this.environment = environment;
    this.file = folder.resolve(request.file()).toAbsolutePath().normalize();
    this.fileName =
        request.file().isAbsolute() ? name(file) : request.file().toString().replace('\\', '/');
    this.pipeline = Pipeline.of(environment);
    this.checkout = Checkout.around(parent(file));
    if (request.file().toString().isEmpty()) {
      throw new StartException("name a promotion.yaml, as: portage start promotion.yaml");
    }
    if (Files.isDirectory(file)) {
      throw new StartException(
          request.file()
              + " is a folder; name its promotion.yaml, as "
              + request.file().resolve("promotion.yaml"));
    }
    if (!Files.isRegularFile(file) && !mayBeInCommit()) {
      throw new StartException(
          "no file "
              + request.file()
              + (request.file().isAbsolute() ? "" : " in " + folder)
              + others(folder));
    }
    this.origin = checkout.map(here -> new Origin(request, pipeline, here, sandbox));
  }

  /** Which files may have been meant, or how one comes to be there. */
  private static String others(Path folder) {
    List<String> there =
        Checkout.around(folder)
            .map(here ->
                here.files().named(PromotionFiles.NAME).stream()
                    .limit(MOST_NAMED)
                    .map(name -> here.top().resolve(name).toString())
                    .toList())
            .orElse(List.of());
    return there.isEmpty()
        ? "; to write one: portage init"
        : "; this checkout has: " + String.join(", ", there);
  }

  /**
   * The draft of a promotion.
   *
   * @throws StartException if something local is wrong; the message lists everything that is
   */
  public Draft forStart() {
    request.requireOneModel();
    String commit = sourceCommit();
    if (commit == null && !request.isTrainedElsewhere()) {
      throw new StartException(
          fileName
              + " is not in a Git repository, and Portage promotes commits; run git init and commit it, or promote a model trained elsewhere with --version or --run-id");
    }
    byte[] bytes =
        commit == null
            ? workingCopy()
            : request.commit() == null ? at(commit).unchanged() : at(commit).bytes();
    return draft(commit, bytes, true);
  }

  /** The draft of a plan: the working copy counts, whether committed or not. */
  public Draft forPlan() {
    planned = true;
    request.requireOneModel();
    String commit = sourceCommit();
    if (commit == null) {
      return draft(null, workingCopy(), request.isTrainedElsewhere());
    }
    if (request.commit() != null) {
      return draft(commit, at(commit).bytes(), true);
    }
    boolean same = !at(commit).isChanged();
    byte[] bytes = same ? at(commit).bytes() : workingCopy();
    String part =
        parsed(bytes).parts().stream()
            .filter(name -> checkout.orElseThrow().differs(commit, name))
            .findFirst()
            .orElse(null);
    if (!same || part != null) {
      notes.add(
          (same ? part : fileName)
              + " differs from commit "
              + shortId(commit)
              + "; the plan uses the working copy");
    }
    return draft(commit, bytes, same && part == null);
  }

  private @Nullable String sourceCommit() {
    if (checkout.isEmpty()) {
      if (request.commit() != null) {
        throw new StartException("--commit needs a Git repository around " + fileName);
      }
      return null;
    }
    return origin.orElseThrow().commit();
  }

  /** Whether the user named its commit, or deliberately excludes the file from the working copy. */
  private boolean mayBeInCommit() {
    return checkout.isPresent()
        && !Files.exists(file)
        && (request.commit() != null || checkout.get().isLeftOut(name(file)));
  }

  private CommittedFile at(String commit) {
    return new CommittedFile(checkout.orElseThrow(), name(file), fileName, commit);
  }

  private byte[] workingCopy() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StartException(fileName + " is not readable: " + e.getMessage());
    }
  }

  private Draft draft(@Nullable String commit, byte[] bytes, boolean asCommitted) {
    PromotionFile written = parsed(bytes);
    List<String> files = files(commit, asCommitted, written);
    check(written, commit, files, asCommitted);
    PartFile parts =
        new PartFile(
            parent(file),
            checkout.orElse(null),
            commit,
            asCommitted,
            !planned && request.commit() == null);
    @Nullable ScoringJobFile job =
        commit == null ? null : ScoringJobFile.of(written, checkout.orElseThrow(), commit, parts);
    @Nullable List<ServeCase> cases = cases(written, parts);
    PromotionFile withJob = job == null ? written : job.promotion();
    PromotionFile read = cases == null ? withJob : withJob.with(cases);
    @Nullable String sentCases = cases == null ? null : CasesFile.sent(cases);
    noteUncommitted(commit, read);
    @Nullable Source source = commit == null ? null : source().of(commit, read);
    if (job != null) {
      notes.addAll(job.notes(source == null ? null : source.gitUrl()));
    }
    List<String> tableWrites =
        commit == null
            ? null
            : TableWrites.of(
                read,
                scoring(read, job, files),
                files,
                name -> notebook(commit, name, asCommitted));
    String ownCommit = request.isTrainedElsewhere() ? null : commit;
    PromotionStart start =
        PromotionStart.of(read.model(), key(commit))
            .file(
                fileName,
                text(bytes),
                FileHash.of(bytes, job == null ? null : job.job().sent(), sentCases))
            .jobSettings(job == null ? null : job.job().sent())
            .cases(sentCases)
            .commit(ownCommit)
            .source(source)
            .version(request.version())
            .runId(request.runId())
            .files(files)
            .startedBy(Person.of(request.by(), environment, parent(file)))
            .committer(
                ownCommit == null ? null : checkout.orElseThrow().committer(ownCommit).orElse(null))
            .build(pipeline.flatMap(Pipeline::build).orElse(null))
            .allowOlder(request.allowOlder())
            // Also of a model trained elsewhere: what scores with it is of this commit.
            .people(commit == null ? null : people(commit))
            .tableWrites(tableWrites)
            .ancestors(
                ownCommit == null
                    ? null
                    : Ancestors.of(checkout.orElseThrow().before(ownCommit, Ancestors.MOST)))
            .build();
    return new Draft(start, read, checkout, commit, asCommitted, notes, madeBy());
  }

  private PromotionFile parsed(byte[] bytes) {
    return switch (PromotionFile.read(fileName, text(bytes))) {
      case Reading.Good<PromotionFile>(PromotionFile good) -> good;
      case Reading.Wrong<PromotionFile>(List<ValidationError> errors) ->
          throw new StartException(errors);
    };
  }

  private List<String> scoring(
      PromotionFile read, @Nullable ScoringJobFile job, List<String> files) {
    PromotionFile.Batch batch = read.batch();
    return batch == null
        ? List.of()
        : job == null
            ? read.namedBy(batch.work(), files)
            : job.scoring(checkout.orElseThrow(), files);
  }

  /** Those of the file that has them; null where none has. */
  private static @Nullable List<ServeCase> cases(PromotionFile written, PartFile parts) {
    CasesFile named = written.casesFile().orElse(null);
    if (named == null) {
      return null;
    }
    String text = parts.text(written, "serve.cases", named.path(), named.fileName());
    return switch (named.read(text)) {
      case Reading.Good<List<ServeCase>>(List<ServeCase> good) -> good;
      case Reading.Wrong<List<ServeCase>>(List<ValidationError> errors) ->
          throw new StartException(errors);
    };
  }

  private List<String> madeBy() {
    if (!request.madeBy().isEmpty() && !request.isTrainedElsewhere()) {
      throw new StartException(
          "--made-by works only with --version or --run-id; a commit's people are read from Git");
    }
    for (String name : request.madeBy()) {
      NameFault.of(name)
          .ifPresent(fault -> {
            throw new StartException("--made-by: " + fault);
          });
    }
    return request.madeBy();
  }

  /** A plan says what a start would refuse. */
  private @Nullable List<String> people(String commit) {
    try {
      return checkout.orElseThrow().people(commit);
    } catch (CheckoutException e) {
      if (planned) {
        notes.add(String.valueOf(e.getMessage()));
        return null;
      }
      throw e;
    }
  }

  private void check(
      PromotionFile read, @Nullable String commit, List<String> files, boolean asCommitted) {
    if (read.train() == null && !request.isTrainedElsewhere()) {
      throw new StartException(
          fileName
              + ":1: key \"train\" is missing; add it, or promote a model trained elsewhere with --version or --run-id");
    }
    if (commit == null && read.needsCommit()) {
      throw new StartException(
          fileName
              + " names code, which workspaces read from a commit, but is not in a Git repository; run git init and commit both");
    }
    if (commit == null) {
      return;
    }
    List<ValidationError> wrong =
        new NotebookCheck(read, files, name -> notebook(commit, name, asCommitted)).errors();
    if (!wrong.isEmpty()) {
      throw new StartException(wrong);
    }
  }

  private Optional<byte[]> notebook(String commit, String name, boolean asCommitted) {
    if (asCommitted) {
      return checkout.orElseThrow().fileAt(commit, name);
    }
    try {
      return Optional.of(Files.readAllBytes(parent(file).resolve(name)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void noteUncommitted(@Nullable String commit, PromotionFile read) {
    if (commit == null || request.commit() != null || pipeline.isPresent()) {
      return;
    }
    List<String> changed =
        checkout.orElseThrow().files().uncommitted().stream()
            .filter(name -> !name.equals(checkout.get().path(name(file))))
            .filter(name ->
                read.parts().stream().noneMatch(part -> name.equals(checkout.get().path(part))))
            .toList();
    if (!changed.isEmpty()) {
      notes.add(
          "not part of commit "
              + shortId(commit)
              + ": "
              + String.join(", ", changed.subList(0, Math.min(5, changed.size())))
              + (changed.size() > 5 ? " and " + (changed.size() - 5) + " more" : ""));
    }
  }

  private List<String> files(@Nullable String commit, boolean asCommitted, PromotionFile read) {
    if (commit == null) {
      return List.of();
    }
    Checkout here = checkout.orElseThrow();
    List<String> files = asCommitted ? here.files().notebooksAt(commit) : here.files().notebooks();
    int bytes = files.stream().mapToInt(String::length).sum();
    return bytes <= FILES_BYTES ? files : read.named(files);
  }

  private CommitSource source() {
    return new CommitSource(
        request, pipeline.isPresent(), checkout.orElseThrow(), origin.orElseThrow(), notes);
  }

  private String key(@Nullable String commit) {
    if (request.version() != null) {
      return "v" + request.version();
    }
    if (request.runId() != null) {
      return "r" + request.runId().substring(0, KEY_DIGITS);
    }
    return commit == null ? "working-copy" : shortId(commit);
  }

  private String text(byte[] bytes) {
    return TextFile.utf8(fileName, bytes);
  }

  /** The digits of a commit by which a promotion and messages name it. */
  static String shortId(String commit) {
    return commit.substring(0, KEY_DIGITS);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }
}
