package dev.portage.databricks;

import com.databricks.sdk.service.jobs.GetRunOutputRequest;
import com.databricks.sdk.service.jobs.GitSource;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.RunTask;
import dev.portage.failure.FailureKind;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.text.SecretShapes;
import dev.portage.tracking.ExitValue;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the results of a finished run, cut to a size that history can hold. */
final class RunReader {
  /**
   * Far below Temporal's limit of a payload, and more than any exit value that is meant to be read.
   */
  private static final int EXIT_BYTES = 64 * 1024;

  /** Of a run's tasks. */
  private static final int MOST_TASKS = 200;

  private static final int ERROR_CHARACTERS = 4000;
  private static final int TRACE_LINES = 15;
  private static final int TRACE_LINE_CHARACTERS = 400;

  /** Colours and cursor moves of a terminal, as IPython writes them into traces. */
  private static final Pattern ANSI = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");

  private final RunRef ref;
  private final Run run;

  RunReader(RunRef ref, Run run) {
    this.ref = ref;
    this.run = run;
  }

  /** The run whose output counts: the last attempt of the one task. Null when none was made. */
  @Nullable Long outputRun() {
    return RunStates.lastTask(run).map(RunTask::getRunId).orElse(null);
  }

  /**
   * The runs whose output may say what was made: those of notebooks, the last first. Of a failed
   * run it is the one that failed.
   */
  List<Long> outputRuns() {
    List<Long> notebooks =
        RunStates.lastAttempts(run).stream()
            .filter(task -> task.getNotebookTask() != null)
            .map(RunTask::getRunId)
            .toList();
    Long one = outputRun();
    if (RunStates.ending(run) != RunResult.Ending.SUCCESS || notebooks.isEmpty()) {
      return one == null ? List.of() : List.of(one);
    }
    return notebooks.reversed();
  }

  /**
   * The output of a task's run; empty when the workspace has none, as of a run that never began.
   *
   * @see <a href="https://docs.databricks.com/api/workspace/jobs/getrunoutput">runs/get-output</a>
   */
  static RunOutput output(DatabricksApi api, String tried, long taskRun) {
    try {
      return api.ask(
          tried, () -> api.jobs().getRunOutput(new GetRunOutputRequest().setRunId(taskRun)));
    } catch (ApplicationFailure failure) {
      if (failure.getType().equals(FailureKind.PLATFORM.type())) {
        throw failure;
      }
      return new RunOutput().setError(failure.getOriginalMessage());
    }
  }

  /** All of it. */
  RunResult result(@Nullable RunOutput output) {
    URI page = pageOf(run.getRunPageUrl());
    String error = output == null ? null : error(output);
    return new RunResult(
        new RunRef(
            ref.workspace(),
            ref.jobId(),
            ref.runId(),
            page == null ? ref.page() : page,
            outputRun(),
            others()),
        RunStates.ending(run),
        RunStates.words(run, error),
        output == null ? null : exitValue(output),
        error,
        output == null ? List.of() : trace(output.getErrorTrace()),
        usedCommit(),
        page == null ? ref.page() : page);
  }

  /**
   * The runs of all other tasks: each may have created the MLflow run. An attempt that another
   * attempt replaced doesn't count, even if it had logged a model before it failed.
   */
  private @Nullable List<Long> others() {
    Long one = outputRun();
    List<Long> others =
        RunStates.lastAttempts(run).stream()
            .map(RunTask::getRunId)
            .filter(id -> !id.equals(one))
            .limit(MOST_TASKS)
            .toList();
    return others.isEmpty() ? null : others;
  }

  /** Whether an output names a run, a model or a version. */
  static boolean namesSomething(RunOutput output) {
    String value = exitValue(output);
    return value != null && !ExitValue.read(value).namesNothing();
  }

  /** An address as the workspace gave it, null when it is none. */
  static @Nullable URI pageOf(@Nullable String url) {
    try {
      return url == null || url.isBlank() ? null : URI.create(url);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** At most so many characters. */
  static String cut(String text, int characters) {
    return text.length() <= characters ? text : text.substring(0, characters) + "…";
  }

  private static @Nullable String exitValue(RunOutput output) {
    String value =
        output.getNotebookOutput() == null ? null : output.getNotebookOutput().getResult();
    if (value == null) {
      return null;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= EXIT_BYTES) {
      return value;
    }
    String note = "… (cut: it has " + bytes.length + " bytes, " + EXIT_BYTES + " are kept)";
    ExitValue named = ExitValue.read(value);
    if (!named.namesNothing()) {
      // What it names may come after the part that would be kept.
      return named.text() + note;
    }
    int room = EXIT_BYTES - note.getBytes(StandardCharsets.UTF_8).length;
    return whole(bytes, room) + note;
  }

  /** The first bytes as text, without the half of a character at the cut. */
  private static String whole(byte[] bytes, int length) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.IGNORE);
    try {
      return decoder.decode(ByteBuffer.wrap(bytes, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("it was text", e);
    }
  }

  private static @Nullable String error(RunOutput output) {
    String error = output.getError();
    return error == null || error.isBlank()
        ? null
        : cut(SecretShapes.without(ANSI.matcher(error).replaceAll("").strip()), ERROR_CHARACTERS);
  }

  private static List<String> trace(@Nullable String trace) {
    if (trace == null) {
      return List.of();
    }
    return NotebookTrace.of(trace, TRACE_LINES).stream()
        .map(line -> cut(SecretShapes.without(line), TRACE_LINE_CHARACTERS))
        .toList();
  }

  private @Nullable String usedCommit() {
    String used = usedCommit(run.getGitSource());
    if (used != null) {
      return used;
    }
    return RunStates.lastAttempts(run).reversed().stream()
        .flatMap(task -> Stream.ofNullable(usedCommit(task.getGitSource())))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String usedCommit(@Nullable GitSource source) {
    return source == null || source.getGitSnapshot() == null
        ? null
        : source.getGitSnapshot().getUsedCommit();
  }
}
