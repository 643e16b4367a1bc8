package dev.portage.promotion;

import dev.portage.job.SettingChange;
import dev.portage.text.Block;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Table;
import dev.portage.text.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a scoring job that a hop changes, for people to decide on. Of an existing job
 * each change matters; of a new one every setting is new, and most follow from the promotion.
 */
final class JobSettingsTable {

  /** What of a new job is anybody's decision: what runs, when, and on what. */
  private static final Pattern DECIDED =
      Pattern.compile(
          "^git_source\\.git_commit$|^schedule\\."
              + "|_task\\.(notebook_path|python_file|package_name|entry_point)$"
              + "|existing_cluster_id$|new_cluster\\.autoscale\\."
              + "|new_cluster\\.(policy_id|instance_pool_id|node_type_id|num_workers|spark_version)$");

  private JobSettingsTable() {}

  /**
   * The table; empty if nothing changes.
   *
   * @param changes null where they are not known
   */
  static Optional<Block> of(@Nullable List<SettingChange> changes) {
    if (changes == null || changes.isEmpty()) {
      return Optional.empty();
    }
    boolean isNew =
        changes.stream()
            .anyMatch(one -> one.name().equals("name") && one.now().equals(SettingChange.NOTHING));
    List<SettingChange> shown =
        isNew
            ? changes.stream().filter(one -> DECIDED.matcher(one.name()).find()).toList()
            : changes;
    List<List<Line>> rows = new ArrayList<>(shown.stream().map(JobSettingsTable::row).toList());
    int left = changes.size() - shown.size();
    if (left > 0) {
      rows.add(
          List.of(
              Line.words(left + " more of the new job"), Line.words("listed by --output json")));
    }
    return Optional.of(
        new Table(List.of("setting of the scoring job", Table.CHANGES), rows, Keep.FIRST));
  }

  private static List<Line> row(SettingChange change) {
    return List.of(
        Line.text(change.name()), Line.text(change.now()).andWords(" → ").andText(change.then()));
  }
}
