"""What is yours is marked: wantlist, collection, postage to your door."""
