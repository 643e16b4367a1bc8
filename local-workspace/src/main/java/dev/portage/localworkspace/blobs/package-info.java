/**
 * Where files of artifacts and models are stored, and the signed URLs for them: on the workspace's
 * own disk, in Azure blob storage or in an S3 bucket.
 */
@NullMarked
package dev.portage.localworkspace.blobs;

import org.jspecify.annotations.NullMarked;
