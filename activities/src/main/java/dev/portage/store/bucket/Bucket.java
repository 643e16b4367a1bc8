package dev.portage.store.bucket;

import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Vending;
import okhttp3.HttpUrl;

/**
 * A bucket with the XML API that began with S3. Implementations differ in where it is and how calls
 * are authorized.
 */
interface Bucket {

  /** The storage, in words for people. */
  String storage();

  /**
   * The bucket's own address; its objects are below.
   *
   * @throws io.temporal.failure.ApplicationFailure when it has to be found out and can't be
   */
  HttpUrl root();

  /**
   * Authorizes one call, from the credentials alone.
   *
   * @param url of an object or of the bucket, with its query
   */
  Grant allow(String method, HttpUrl url, Vending.Vended vended);
}
