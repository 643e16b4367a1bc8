package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The output of a task: the value of {@code dbutils.notebook.exit}, or the error, and for Python
 * files the log. Values and logs are truncated after 5 MB.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/getrunoutput">Jobs API, get run
 *     output</a>
 */
final class RunOutput {
  static final int LIMIT = 5 * 1024 * 1024;

  /** The name of the log in a task's folder; its runner writes it. */
  static final String LOG = "output.log";

  private RunOutput() {}

  static ObjectNode of(TaskRun task) {
    ObjectNode answer = Json.object();
    TaskOutcome outcome = task.outcome();
    boolean notebook = task.plan.work() instanceof Work.Notebook;
    if (notebook) {
      ObjectNode output = answer.putObject("notebook_output");
      if (outcome instanceof TaskOutcome.Succeeded(String value) && value != null) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        output.put("result", bytes.length > LIMIT ? text(bytes, LIMIT) : value);
        output.put("truncated", bytes.length > LIMIT);
      }
    } else {
      log(answer, task.folder.resolve(LOG));
    }
    switch (outcome) {
      case TaskOutcome.Failed failed -> {
        answer.put("error", failed.error());
        if (failed.trace() != null) {
          answer.put("error_trace", failed.trace());
        }
      }
      case TaskOutcome.Missing missing -> answer.put("error", missing.message());
      case TaskOutcome.Succeeded _ -> {}
      case null -> {}
    }
    return answer;
  }

  private static void log(ObjectNode answer, Path file) {
    if (!Files.exists(file)) {
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LIMIT + 1);
      answer.put("logs", text(bytes, Math.min(LIMIT, bytes.length)));
      answer.put("logs_truncated", bytes.length > LIMIT);
    } catch (IOException e) {
      throw ApiRefusal.unavailable("The log of the run can't be read");
    }
  }

  /** The first so many bytes as text; half a character at the cut is left out. */
  private static String text(byte[] bytes, int length) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    CharBuffer text = CharBuffer.allocate(length);
    decoder.decode(ByteBuffer.wrap(bytes, 0, length), text, false);
    return text.flip().toString();
  }
}
