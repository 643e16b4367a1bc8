package dev.portage.platform;

import dev.portage.document.ValidationError;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with a file as one user error, located at the first fault. */
final class FileFault {

  private FileFault() {}

  static ApplicationFailure of(String fileName, List<ValidationError> errors, String remedy) {
    ValidationError first = errors.getFirst();
    String others =
        errors.stream().skip(1).map(error -> "\n  " + error).collect(Collectors.joining());
    return Failures.of(
        Problem.of(
            FailureKind.USER, "read " + fileName, first.where(), first.text() + others, remedy));
  }
}
