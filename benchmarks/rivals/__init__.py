"""What 留灯 is measured against: bots as short as can be."""
