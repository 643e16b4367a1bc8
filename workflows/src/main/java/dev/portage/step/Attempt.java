package dev.portage.step;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One business attempt of a step.
 *
 * <p>Its {@link #key} stays the same however often an activity is retried, a worker dies, the
 * workflow continues in another run, or someone resumes a step whose remote side never ended. It
 * changes only with the {@link #number}, which grows in two cases: someone resumes a step whose
 * remote side ended for good, or what the attempt made was taken away.
 */
public final class Attempt {

  private final String step;
  private final String key;
  private final int number;
  private final Journal journal;
  private final StepList list;

  Attempt(String workflowId, String step, int number, Journal journal, StepList list) {
    this.step = step;
    this.key = workflowId + "#" + step + "#" + number;
    this.number = number;
    this.journal = journal;
    this.list = list;
  }

  /** What its effects are found by: workflow id, step and number, never the activity's attempt. */
  public String key() {
    return key;
  }

  /** From 1. */
  public int number() {
    return number;
  }

  /** Tells people how far it has come. Recorded nowhere: what must last is a stage. */
  public void says(StepProgress progress) {
    list.says(step, progress);
  }

  /**
   * A part of the step that is not repeated once it is done, such as 5 % of the requests before 25
   * %: the attempt may stop, be resumed or continue in another run of the workflow after it, and
   * takes what is recorded. Another attempt goes through all stages again, since it has another
   * key: what takes a stage's work away has to say so by {@link StepRunner#repeat}.
   *
   * @param reached what people see while it runs; its text is different for each stage of a step
   * @param type of the result
   * @param work what it does; it may run again if it was not finished
   * @return its result, recorded in the same workflow task in which it is known
   */
  public <T> T stage(StepProgress reached, Class<T> type, Supplier<T> work) {
    String record = stagesOf(step) + number + " " + reached.text();
    Optional<T> known = journal.find(record, type);
    if (known.isPresent()) {
      return known.get();
    }
    says(reached);
    T result = work.get();
    journal.put(record, result);
    return result;
  }

  /** What the records of a step's stages begin with; a step's own record never does. */
  static String stagesOf(String step) {
    return step + "#stage#";
  }
}
