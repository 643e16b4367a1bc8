package dev.portage.store.bucket;

import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.signed.VendedPlace;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** A bucket's XML response. Its sender is not trusted: DTDs and entities are off. */
final class BucketXml {
  private static final DocumentBuilderFactory HARDENED = hardened();

  private final Element root;

  private BucketXml(Element root) {
    this.root = root;
  }

  /**
   * Reads an answer.
   *
   * @throws ApplicationFailure when it is none that can be read
   */
  static BucketXml of(MlflowServer server, Attempt attempt, HttpAnswer answer) {
    try {
      DocumentBuilder builder = HARDENED.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler()); // The other one prints to the console.
      InputSource source = new InputSource(new StringReader(answer.body()));
      return new BucketXml(builder.parse(source).getDocumentElement());
    } catch (SAXException | IOException e) {
      throw server.failure(
          FailureKind.PLATFORM,
          attempt.tried(),
          "a response that is not XML, or not allowed XML",
          "Portage retries; object keys must not contain control characters.");
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's own parser can be hardened", e);
    }
  }

  private static DocumentBuilderFactory hardened() {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    try {
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's own parser can be hardened", e);
    }
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    return factory;
  }

  /** Name of the outermost element. */
  String name() {
    return root.getTagName();
  }

  /** Text of an element directly in the outermost, empty where there is none. */
  String text(String name) {
    return text(root, name);
  }

  /**
   * A page of a listing.
   *
   * @param folder what was listed. An object with just that key marks the folder and is no file
   */
  VendedPlace.Page page(String folder) {
    List<VendedPlace.Entry> entries = new ArrayList<>();
    for (Element found : children(root)) {
      if (found.getTagName().equals("CommonPrefixes")) {
        String path = text(found, "Prefix").replaceFirst("/$", "");
        entries.add(new VendedPlace.Entry(path, true, ""));
      } else if (found.getTagName().equals("Contents") && !text(found, "Key").equals(folder)) {
        entries.add(new VendedPlace.Entry(text(found, "Key"), false, text(found, "Size")));
      }
    }
    boolean isCut = text("IsTruncated").equals("true");
    return new VendedPlace.Page(entries, isCut ? text("NextContinuationToken") : "");
  }

  private static String text(Element element, String name) {
    return children(element).stream()
        .filter(child -> child.getTagName().equals(name))
        .findFirst()
        .map(Node::getTextContent)
        .orElse("");
  }

  private static List<Element> children(Element element) {
    List<Element> children = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(child);
      }
    }
    return children;
  }
}
