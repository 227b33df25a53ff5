"""Every page and mail in its main states, declared by desk: what `make screenshots` takes pictures of, and
where accessibility is checked. A new page of a desk is one more line in that desk's list."""
