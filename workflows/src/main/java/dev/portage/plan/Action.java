package dev.portage.plan;

/**
 * One change.
 *
 * @param step step that will make it, such as "prod/champion"
 * @param what thing that changes, such as "alias champion of churn in prod"
 * @param now how it is, such as "version 3" or "nothing"
 * @param then how it will be, such as "<new version>"
 */
public record Action(String step, String what, String now, String then) {

  /** Now, as people read it. Apart from what is recorded, since decisions are bound to that. */
  public String shownNow() {
    return now.equals(Planner.VERSIONS) ? "existing versions" : now;
  }

  /** How it will be, as people read it. */
  public String shownThen() {
    return now.equals(Planner.VERSIONS) ? "existing versions and a new one" : then;
  }
}
