"""What the detail pane shows of the row under the cursor: plain functions that give lines."""
