package dev.portage.adopt;

import dev.portage.release.Release;
import dev.portage.step.CourseKept;
import dev.portage.step.CourseView;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to say about an adoption: the answer to the query {@code status}, the
 * workflow's result, the detail of its failure, and what {@code --output json} prints.
 *
 * @param id workflow id
 * @param state its state
 * @param says one line: what it does, or its result
 * @param next the command that carries it on, null when nobody has to act
 * @param start what it was started with
 * @param plan what it records, null before it has looked
 * @param release the release as it is recorded; null before, and in a dry run
 * @param course its steps, and what people should know
 */
public record AdoptView(
    String id,
    CourseView.State state,
    String says,
    @Nullable String next,
    AdoptStart start,
    @Nullable AdoptPlan plan,
    @Nullable Release release,
    CourseView course)
    implements CourseKept {

  /** One of which its course and its start are known. */
  public static AdoptView of(
      CourseView course, AdoptStart start, @Nullable AdoptPlan plan, @Nullable Release release) {
    return new AdoptView(
        course.id(), course.state(), course.says(), course.next(), start, plan, release, course);
  }

  @Override
  public boolean pastNoReturn() {
    return release != null;
  }
}
