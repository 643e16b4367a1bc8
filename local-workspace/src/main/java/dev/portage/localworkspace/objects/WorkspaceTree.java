package dev.portage.localworkspace.objects;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Notebooks and files in folders, stored on disk the way they are run: there a notebook has a file
 * extension that its workspace path lacks, and its first line distinguishes it from a Python file.
 */
public final class WorkspaceTree {
  /** The first line of a notebook in Databricks' source format. */
  static final String HEADER = "# Databricks notebook source";

  static final String SOURCE = ".py";
  static final String JUPYTER = ".ipynb";

  /** May be written before every path. */
  private static final String ALIAS = "Workspace";

  private final Path root;

  /** Where an object waits until it is whole. */
  private final Path arriving;

  /** What is at a path. */
  public enum Type {
    DIRECTORY,
    NOTEBOOK,
    FILE
  }

  /**
   * Something in the workspace.
   *
   * @param path from the top, without {@code /Workspace}
   * @param file where it is kept
   */
  record Node(Type type, String path, Path file) {}

  /**
   * A tree with the folders that every workspace has.
   *
   * @param root where it is kept
   * @param users who has a home
   * @throws IOException when a folder can't be made
   */
  public WorkspaceTree(Path root, Collection<String> users) throws IOException {
    this.root = Files.createDirectories(root).toRealPath();
    this.arriving = Files.createDirectories(root.resolveSibling("objects-arriving"));
    Files.createDirectories(this.root.resolve("Shared"));
    Files.createDirectories(this.root.resolve("Repos"));
    Path homes = Files.createDirectories(this.root.resolve("Users"));
    for (String user : users) {
      if (isName(user)) {
        Files.createDirectories(homes.resolve(user));
      }
    }
  }

  /** Where all of it is kept. */
  public Path root() {
    return root;
  }

  /**
   * A path as it is kept below the root, without {@code /Workspace}; "" for the top.
   *
   * @throws ApiRefusal when it is no full path
   */
  public static String below(String written) {
    if (!written.startsWith("/")) {
      throw ApiRefusal.invalidParameter("Path (" + written + ") doesn't start with '/'");
    }
    List<String> parts = new ArrayList<>();
    for (String part : written.split("/", -1)) {
      if (!part.isEmpty()) {
        if (!isName(part)) {
          throw ApiRefusal.invalidParameter("Path (" + written + ") has the part '" + part + "'");
        }
        parts.add(part);
      }
    }
    if (!parts.isEmpty() && parts.getFirst().equals(ALIAS)) {
      parts.removeFirst();
    }
    return String.join("/", parts);
  }

  private static boolean isName(String part) {
    return !part.isEmpty()
        && !part.equals(".")
        && !part.equals("..")
        && part.indexOf('/') < 0
        && part.indexOf('\\') < 0
        && part.indexOf('\0') < 0;
  }

  /** What is at a path. */
  Optional<Node> find(String written) {
    String below = below(written);
    Path at = root.resolve(below);
    String path = "/" + below;
    if (Files.isDirectory(at)) {
      return Optional.of(new Node(Type.DIRECTORY, path, at));
    }
    for (String ending : List.of(SOURCE, JUPYTER)) {
      Path notebook = root.resolve(below + ending);
      if (isNotebook(notebook)) {
        return Optional.of(new Node(Type.NOTEBOOK, path, notebook));
      }
    }
    return Files.isRegularFile(at) && !isNotebook(at)
        ? Optional.of(new Node(Type.FILE, path, at))
        : Optional.empty();
  }

  /** Whether something is at a path that a folder or an experiment can't be made at. */
  public boolean isFolder(String written) {
    return find(written).filter(node -> node.type() == Type.DIRECTORY).isPresent();
  }

  /**
   * Refuses what has no folder to be made in.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST, as the workspace says it
   */
  public void requireFolderOf(String written) {
    String below = below(written);
    int slash = below.lastIndexOf('/');
    String parent = slash < 0 ? "/" : "/" + below.substring(0, slash);
    if (!isFolder(parent)) {
      throw ApiRefusal.notFound(
          "RESOURCE_DOES_NOT_EXIST", "The parent folder (" + parent + ") does not exist.");
    }
  }

  /** What is directly in a folder, by name. */
  List<Node> children(Node folder) throws IOException {
    List<Node> nodes = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.file())) {
      for (Path file : files.sorted().toList()) {
        String name = nameOf(file);
        if (isNotebook(file)) {
          name = name.substring(0, name.lastIndexOf('.'));
        }
        String parent = folder.path().equals("/") ? "" : folder.path();
        find(parent + "/" + name).ifPresent(nodes::add);
      }
    }
    return nodes;
  }

  /** Makes a folder with those above it. */
  void makeFolder(String written) throws IOException {
    String below = below(written);
    for (int end = below.indexOf('/'); ; end = below.indexOf('/', end + 1)) {
      String part = end < 0 ? below : below.substring(0, end);
      if (find("/" + part).filter(node -> node.type() != Type.DIRECTORY).isPresent()) {
        throw alreadyThere("/" + part);
      }
      if (end < 0) {
        break;
      }
    }
    Files.createDirectories(root.resolve(below));
  }

  /**
   * Puts a notebook or file at a path; it appears whole.
   *
   * @param ending of a notebook on disk; "" for a file
   */
  void put(String written, String ending, byte[] content, boolean overwrite) throws IOException {
    requireFolderOf(written);
    String below = below(written);
    Type type = ending.isEmpty() ? Type.FILE : Type.NOTEBOOK;
    Optional<Node> there = find(written);
    if (there.isPresent() && (!overwrite || there.get().type() != type)) {
      throw alreadyThere("/" + below);
    }
    Path target = root.resolve(below + ending);
    Path part = Files.createTempFile(arriving, "object", ".part");
    try {
      Files.write(part, content);
      if (there.isPresent() && !there.get().file().equals(target)) {
        Files.deleteIfExists(there.get().file());
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Deletes what is at a path; a folder with its contents only on request. */
  void delete(Node node, boolean recursive) throws IOException {
    if (node.type() != Type.DIRECTORY) {
      Files.delete(node.file());
      return;
    }
    try (Stream<Path> below = Files.walk(node.file())) {
      List<Path> all = below.sorted(Comparator.reverseOrder()).toList();
      if (all.size() > 1 && !recursive) {
        throw ApiRefusal.of(
            400, "DIRECTORY_NOT_EMPTY", "Folder (" + node.path() + ") is not empty");
      }
      for (Path file : all) {
        Files.delete(file);
      }
    }
  }

  private static ApiRefusal alreadyThere(String path) {
    return ApiRefusal.of(400, "RESOURCE_ALREADY_EXISTS", "Path (" + path + ") already exists.");
  }

  /** The last part of a file's path. */
  static String nameOf(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  private static boolean isNotebook(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    String name = nameOf(file);
    return name.endsWith(JUPYTER) || (name.endsWith(SOURCE) && beginsAsNotebook(file));
  }

  private static boolean beginsAsNotebook(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return isHeader(lines.readLine());
    } catch (MalformedInputException _) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a file is a notebook in Databricks' source format. */
  static boolean isSource(byte[] content) {
    return isHeader(new String(content, StandardCharsets.UTF_8).lines().findFirst().orElse(""));
  }

  private static boolean isHeader(@Nullable String line) {
    return line != null && line.replace("\uFEFF", "").strip().equals(HEADER);
  }
}
