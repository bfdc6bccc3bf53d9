#!/usr/bin/env bash
# Puts the schedules of a folder into the workspace AML_WORKSPACE of the resource group AML_GROUP, and removes those that are gone.
# The file of a schedule is called as the schedule.
set -euo pipefail
folder=${1:-schedules}
workspace=(--resource-group "$AML_GROUP" --workspace-name "$AML_WORKSPACE")

wanted=" "
for file in "$folder"/*.yml; do
  # The name is not read from what create prints: while it waits it prints dots, too.
  az ml schedule create "${workspace[@]}" --file "$file" --output none
  wanted+="$(basename "$file" .yml) "
done

# Without --include-disabled the list lacks the schedules that somebody has disabled.
for name in $(az ml schedule list "${workspace[@]}" --include-disabled --query "[].name" --output tsv); do
  if [[ $wanted != *" $name "* ]]; then
    # An enabled schedule cannot be deleted.
    az ml schedule disable "${workspace[@]}" --name "$name" --output none
    az ml schedule delete "${workspace[@]}" --name "$name"
  fi
done
