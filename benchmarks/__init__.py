"""Speed and quality, as ratios against the bare libraries in the same run. They gate nothing."""
