"""What each parameter of each route stands for, so that what can go wrong with it is tried: a new one is put here first."""

_MEANINGS = {
    "what somebody has": """
        authz_id cloud_storage_id collection_id connection connection_id content dataset_id dataset_ids delivery_id file_id
        history_id id image_ids job_id session_id storage_id upload_id user_id webhook_id""",
    "a path": "source dataset_name_in_storage Upload-Metadata files_0|file_data to_ext",
    "a path of one of ours, or none": "target",
    "an address": """
        storage_url endpoint connection_string specific_attributes key_file config url files_0|url_paste targets redirect_uri""",
    "a key or a bucket": "bucket dest prefix manifest_path manifests objects resource folder_id next_token token",
    "a name or a text": """
        account_name annotation dataset_name dataset_description dbkey description display_name email error error_description
        folder_name genome_build name org owner search tag_name tags username value X-Organization archive_source""",
    "a pattern, a query or a document": "exclude filter include input_args inputs params q qv storage_config",
    "a secret": "access_key code key password secret_key session_token state",
    "one of few words": """
        check conflict credentials_type datatype details direction encoded_id file_type form in_panel keys mime_type order
        order_by part provider provider_type sort status states tool_id type types view X-HTTP-Method-Override Tus-Resumable""",
    "a number, a time or a flag": """
        active active_only after all authn_id auto_decompress auto_describe before date_range_max date_range_min delete deleted
        dry_run enabled every_owner full importable limit max_delete number offset org_id overwrite_existing page page_size
        published purge purged size_bytes space_to_tab synchronization synchronize syncronization to_posix_lines visible wait
        Upload-Length Upload-Offset""",
    "a list of others": "files",
}

MEANINGS = {kind: frozenset(names.split()) for kind, names in _MEANINGS.items()}
"""The names of parameters, without the way to them, by what they stand for."""

ADDRESSES = MEANINGS["an address"]
IDS = MEANINGS["what somebody has"]
PATHS = MEANINGS["a path"]
