package dev.portage.databricks;

import dev.portage.attempt.AttemptAge;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Attempts of one activity, one after another. */
final class FakeMadeBefore implements MadeBefore {
  private AttemptAge asked = AttemptAge.justNow();
  private @Nullable Long job;

  /** The attempt with that number, this long after the first. */
  FakeMadeBefore attempt(int number, Duration since) {
    asked = new AttemptAge(number, since);
    return this;
  }

  @Override
  public AttemptAge asked() {
    return asked;
  }

  @Override
  public void made(long jobId) {
    job = jobId;
  }

  @Override
  public Optional<Long> job() {
    return Optional.ofNullable(job);
  }
}
