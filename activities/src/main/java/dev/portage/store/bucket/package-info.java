/**
 * Buckets with the XML API that began with S3: Amazon's, Cloudflare's and Google's, accessed with
 * credentials that a server vends.
 */
@NullMarked
package dev.portage.store.bucket;

import org.jspecify.annotations.NullMarked;
