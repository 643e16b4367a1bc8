package dev.portage.checkout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names of the files in a commit or in the working copy, as git knows them. */
public final class CheckoutFiles {

  private static final Pattern OF_TESTS_OR_TOOLS =
      Pattern.compile(
          "(?:^|/)(?:tests?|target|build|dist|out|node_modules|site-packages|\\.?venv|src/main/resources)/");

  private final Git git;
  private final Path top;
  private final String folder;
  private final boolean bare;

  /**
   * @param top top of the working copy
   * @param folder the folder inside the repository; "" at its top
   * @param bare whether there is no working copy
   */
  CheckoutFiles(Git git, Path top, String folder, boolean bare) {
    this.git = git;
    this.top = top;
    this.folder = folder;
    this.bare = bare;
  }

  /** Path inside the repository of a file of the folder. */
  String path(String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  /** Notebooks and modules of the folder in a commit, relative to it. */
  public List<String> notebooksAt(String commit) {
    return notebooks(
        git.must(inFolder("ls-tree", "-r", "-z", "--full-tree", "--name-only", commit)).names());
  }

  /** Requirements files of the folder in a commit, relative to it. */
  public List<String> requirementsAt(String commit) {
    return below(
        git.must(inFolder("ls-tree", "-r", "-z", "--full-tree", "--name-only", commit)).names(),
        name -> name.contains("requirements") && name.endsWith(".txt"));
  }

  /** Notebooks and modules of the folder as they are in the working copy, relative to it. */
  public List<String> notebooks() {
    return notebooks(
        git.must(inFolder("ls-files", "-z", "--cached", "--others", "--exclude-standard")).names());
  }

  private String[] inFolder(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!folder.isEmpty()) {
      all.addAll(List.of("--", folder + "/"));
    }
    return all.toArray(String[]::new);
  }

  private List<String> notebooks(Collection<String> names) {
    return below(names, name -> name.endsWith(".py") || name.endsWith(".ipynb"));
  }

  private List<String> below(Collection<String> names, Predicate<String> wanted) {
    String before = folder.isEmpty() ? "" : folder + "/";
    return new LinkedHashSet<>(names)
        .stream()
            .filter(name -> name.startsWith(before))
            .map(name -> name.substring(before.length()))
            .filter(wanted)
            .toList();
  }

  /** Files of the folder that are not as in the last commit, relative to the top. */
  public List<String> uncommitted() {
    if (bare) {
      return List.of();
    }
    List<String> files = new ArrayList<>();
    for (String line :
        git.must(inFolder("status", "--porcelain=v1", "-z", "--no-renames")).names()) {
      files.add(line.substring(Math.min(3, line.length())));
    }
    return files;
  }

  /** Files of the folder and below it that git does not ignore, relative to the folder. */
  public List<String> all() {
    return below(
        git.must(inFolder("ls-files", "-z", "--cached", "--others", "--exclude-standard")).names(),
        name -> true);
  }

  /**
   * Files of the working copy of a name, relative to the top: the folder's own; where it has none,
   * those below it; where there is none either, all of the checkout. Those of tests and of what
   * tools create don't count if there are others.
   */
  public List<String> named(String name) {
    List<String> all =
        git.must("ls-files", "-z", "--cached", "--others", "--exclude-standard").names().stream()
            .distinct()
            .filter(file -> file.equals(name) || file.endsWith("/" + name))
            .filter(file -> Files.isRegularFile(top.resolve(file)))
            .toList();
    if (all.contains(path(name))) {
      return List.of(path(name));
    }
    String below = folder.isEmpty() ? "" : folder + "/";
    List<String> here = all.stream().filter(file -> file.startsWith(below)).toList();
    return here.isEmpty() ? withoutTests(all, 0) : withoutTests(here, below.length());
  }

  /**
   * Without files in folders of tests, unless there are no others.
   *
   * @param from where in each name the folders begin that count
   */
  private static List<String> withoutTests(List<String> files, int from) {
    List<String> others =
        files.stream()
            .filter(file -> !OF_TESTS_OR_TOOLS.matcher(file.substring(from)).find())
            .toList();
    return others.isEmpty() ? files : others;
  }
}
