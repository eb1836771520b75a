"""What has gone wrong in systems like this one, by number, and the tests that answer it here."""

from __future__ import annotations

ANSWERED: dict[int, tuple[str, ...]] = {
    1: (
        "test_1_what_must_not_be_asked_is_not_asked",
        "test_1_nobody_is_led_to_what_must_not_be_asked",
        "test_1_a_name_that_means_what_must_not_be_asked_is_not_asked",
        "test_1_no_spelling_of_an_address_opens_it",
    ),
    2: ("test_nothing_asks_other_servers", "test_a_public_host_leads_nobody_into_the_intranet"),
    3: ("test_nothing_asks_other_servers",),
    4: (
        "test_4_a_name_that_means_something_else_a_moment_later_gains_nothing",
        "test_4_every_redirect_looks_again_and_checks_again",
    ),
    5: ("test_a_file_that_was_uploaded_is_handed_out_to_be_kept_and_never_shown",),
    6: (
        "test_6_what_people_call_themselves_does_nothing_on_any_page_of_a_steward",
        "test_what_is_written_acts_on_no_page",
    ),
    7: ("test_nothing_that_could_act_is_left",),
    8: (
        "test_a_link_without_a_scheme_is_no_link",
        "test_markup_in_every_field_is_harmless_everywhere",
        "test_an_address_that_acts_is_left_out_and_the_offer_held",
    ),
    9: ("test_what_is_asked_for_acts_on_no_page",),
    10: (
        "test_10_the_pages_do_not_exist_in_production",
        "test_markup_is_trusted_where_it_was_just_cleaned_or_is_our_own_sentence",
    ),
    11: ("test_what_is_written_acts_on_no_page", "test_nothing_that_could_act_is_left_of_anything"),
    12: (
        "test_failure_12_reset_links_come_from_the_configured_host",
        "test_12_no_request_has_a_say_in_where_links_lead",
    ),
    13: (
        "test_failure_13_no_way_through_an_account_leads_to_another_site",
        "test_signing_in_never_leads_to_another_site",
    ),
    14: (
        "test_failure_14_forms_of_people_who_are_not_signed_in_need_their_token_too",
        "test_14_the_page_takes_no_form_of_another_site",
    ),
    15: (
        "test_failure_15_links_in_mails_change_nothing_before_a_button_is_pressed",
        "test_reading_changes_nothing",
    ),
    16: ("test_no_address_counts_what_there_is", "test_everybody_is_met_as_the_table_says"),
    17: ("test_a_thing_of_one_institution_is_not_found_below_another",),
    18: (
        "test_every_page_answers_whom_it_lets_in_and_nobody_else",
        "test_no_way_leads_nowhere",
    ),
    19: (
        "test_nobody_keeps_pages_of_who_is_signed_in",
        "test_only_forms_give_a_cookie_to_who_is_not_signed_in",
    ),
    20: ("test_what_is_told_to_one_program_is_kept_for_no_other",),
    21: (
        "test_no_cell_is_taken_for_a_formula",
        "test_formulas_stay_text_and_come_back_as_text",
        "test_hostile_names_do_nothing_on_the_page_and_in_the_sheet",
    ),
    22: (
        "test_a_megabyte_of_one_pattern_is_read_at_once",
        "test_a_pattern_reads_a_long_text_at_once",
    ),
    23: ("test_a_form_with_thousands_of_parts_is_not_read",),
    26: ("test_what_is_written_acts_on_no_page", "test_no_text_is_taken_for_a_program"),
    27: ("test_asking_for_languages_that_do_not_exist_leaves_nothing_behind",),
    28: (
        "test_everybody_is_met_as_the_table_says",
        "test_every_address_asks_or_changes_never_both",
    ),
    29: (
        "test_29_a_removed_member_is_out_with_the_next_request",
        "test_29_what_a_removed_owner_has_sent_opens_nothing",
        "test_29_who_is_removed_cannot_come_back_by_an_earlier_invitation",
    ),
    30: (
        "test_failure_30_nobody_revokes_the_token_of_somebody_else",
        "test_everybody_is_met_as_the_table_says",
    ),
    31: (
        "test_failure_31_nobody_can_find_out_who_has_an_account",
        "test_failure_31_the_same_is_done_for_everybody_so_that_it_takes_as_long",
    ),
    32: (
        "test_every_step_of_an_invitation_is_in_the_log",
        "test_a_mail_and_the_log_tell_that_one_was_made",
        "test_the_sheet_is_private_and_its_taking_is_logged",
    ),
    33: (
        "test_failure_33_of_sixteen_who_use_one_link_at_once_one_succeeds",
        "test_failure_33_of_sixteen_who_type_one_code_at_once_one_succeeds",
        "test_33_many_who_accept_at_once_make_one_member",
    ),
    34: ("test_failure_34_and_37_who_is_shut_out_is_out_at_every_door",),
    35: (
        "test_35_an_invitation_opens_the_institution_it_names_and_no_other",
        "test_35_an_owner_elsewhere_reaches_nothing_here",
    ),
    36: (
        "test_36_nothing_is_sent_to_a_closed_account",
        "test_36_an_invitation_of_who_may_no_longer_invite_is_not_mailed",
    ),
    37: ("test_failure_34_and_37_who_is_shut_out_is_out_at_every_door",),
    38: (
        "test_failure_38_what_opens_a_door_is_never_told_and_no_name_opens_one",
        "test_what_opens_a_door_is_in_no_archive_of_ones_own_data",
    ),
    39: (
        "test_failure_39_twenty_tries_at_any_door_are_too_many",
        "test_failure_39_twenty_tries_at_what_matters_are_too_many",
        "test_failure_39_twenty_guessed_links_are_too_many",
        "test_failure_39_a_name_cannot_write_a_header_of_a_mail",
        "test_39_no_header_can_be_ended",
    ),
    40: (
        "test_a_thing_of_one_institution_is_not_found_below_another",
        "test_a_workbook_that_unpacks_to_far_too_much_is_not_unpacked",
        "test_a_damaged_backup_changes_nothing",
    ),
}

NOT_YET: dict[int, tuple[str, str]] = {
    24: ("Pictures are neither taken nor read.", "test_pictures_and_papers_are_not_read"),
    25: ("No papers are set or converted.", "test_pictures_and_papers_are_not_read"),
}
"""What has no way in here yet: why, and the test that fails once there is one."""
