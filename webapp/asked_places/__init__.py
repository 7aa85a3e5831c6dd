"""The exact place of an event at somebody’s home: asked for on a receipt, given by its host."""
