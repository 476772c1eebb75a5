"""The reader's rules, kept in the journal: saved views, what is muted, what is followed."""

from __future__ import annotations

from paperdeck.tui.model.views import SAVED

from .marking import Marking


class Ruling(Marking):
    """The actions that change rules."""

    def action_save_view(self) -> None:
        from paperdeck.tui.dialogs.picker import Prompt

        with self.telling_errors():
            query = self.session.whole_query(self.view, self.filter_text)
            if not query or (self.view.is_list and not self.filter_text.strip()):
                self.say("Narrow the list with / first; then this key saves the query under a name.")
                return
            scope = " in all papers" if self.view.is_list else ""  # no query can say which papers such a view has
            prompt = Prompt(f"Save “{query}”{scope} as a view", hint="its name; enter saves it")
            self.push_screen(prompt, lambda name: self._save_view(name, query))

    def _save_view(self, name: str | None, query: str) -> None:
        if name and (name := name.strip()):
            did = "Replaced" if name in {view.name for view in self.session.rules.views} else "Saved"
            with self.telling_errors():
                self.session.library.save_view(name, query)
                self.rules_changed()
                self.say(f"{did} the view “{name}”; delete, rename and move it in the filter pane.")

    def _saved_name(self) -> str | None:
        """The name of the saved view under the cursor of the filter pane."""
        view = self.filters.highlighted
        if self.focused is not self.filters or view is None or view.section != SAVED:
            self.say("Go to a saved view in the filter pane for that.")
            return None
        return view.title

    def action_rename_view(self) -> None:
        from paperdeck.tui.dialogs.picker import Prompt

        if name := self._saved_name():
            self.push_screen(Prompt(f"Rename “{name}” to", name), lambda new: self._rename_view(name, new))

    def _rename_view(self, name: str, new: str | None) -> None:
        if new and new.strip():
            with self.telling_errors():
                self.session.library.rename_view(name, new)
                self.rules_changed()

    def action_delete_view(self) -> None:
        if name := self._saved_name():
            query = self.session.saved_query(name)
            with self.telling_errors():
                self.session.library.delete_view(name)
                self.rules_changed()
                self.say(f"Deleted the view “{name}”; its query was: {query}")

    def action_move_view(self, by: int) -> None:
        if name := self._saved_name():
            with self.telling_errors():
                self.session.library.move_view(name, by)
                self.rules_changed()
                self.filters.move_cursor(self.filters.cursor + by)

    def action_mute(self) -> None:
        self._pick_rule("Mute: keep such papers out of sight, or let them be seen again", mute=True)

    def action_follow(self) -> None:
        self._pick_rule("Follow: lift such papers out, or no longer", mute=False)

    def _pick_rule(self, title: str, *, mute: bool) -> None:
        from paperdeck.tui.dialogs.picker import Choice, Picker

        entry = self.current_entry()
        if entry:
            choices = [
                Choice(value, text, self.symbols.selected if ruled else "", more)
                for value, text, more, ruled in self.session.rules_about(entry.paper, mute=mute)
            ]
            self.push_screen(Picker(title, choices), lambda value: self._rule(value, mute=mute))

    def _rule(self, value: str | None, *, mute: bool) -> None:
        if value:
            with self.telling_errors():
                self.say(self.session.toggle_rule(value, mute=mute))
                self.rules_changed()

    def rules_changed(self) -> None:
        """Take over the rules and show what follows from them."""
        for complaint in self.session.load_rules():
            self.say(complaint, severe=True)
        self.papers.rows_changed()
        self.find(arriving=True)
        self.refresh_views()
